// Tables of elders and wearables, as CSV, brought into the registry: tried first, told row by row, and done.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { idSchema } from '../../model/id.ts'
import { IMPORT_BYTES_MAX, type ImportNoun, importReportSchema } from '../../model/import.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { areaOfScope, requireArea } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { bring } from '../import/bring.ts'
import { readHeader } from '../import/cells.ts'
import { fault, readTable } from '../import/table.ts'
import { yesOrNo } from '../listing.ts'

/** What the hooks of every route look into is the hash; nobody walks through megabytes for a name. */
class CsvFile {
  readonly sha256: string
  readonly #bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.sha256 = createHash('sha256').update(bytes).digest('hex')
  }
  bytes(): Uint8Array {
    return this.#bytes
  }
}

const query = z.strictObject({
  dryRun: yesOrNo.optional().meta({ description: 'Only says what would become of each row' }),
  areaId: idSchema
    .optional()
    .meta({ description: "Where whoever has no area in the file belongs; the account's own when left out" }),
})

const DESCRIPTION =
  'The body is CSV (`text/csv`): UTF-8 with or without a byte order mark, or GB18030; at most 4 MiB and 5,000 rows. A row is taken whole or not at all. The key of a row becomes the id of the elder: the same file once more changes nothing. Columns: docs/import.md.'

export async function importRoutes(
  app: App,
  { records, clock, log }: { records: Records; clock: Clock; log: Log },
): Promise<void> {
  // A scope of its own: nowhere else is anything but JSON read.
  await app.register(async inner => {
    const scoped = inner as App
    const asBytes = { parseAs: 'buffer', bodyLimit: IMPORT_BYTES_MAX } as const
    scoped.addContentTypeParser<Buffer>('text/csv', asBytes, (_request, body, done) =>
      done(null, new CsvFile(body)),
    )
    for (const noun of ['residents', 'devices'] as const) importRoute(scoped, { noun, records, clock, log })
  })
}

function importRoute(
  app: App,
  { noun, records, clock, log }: { noun: ImportNoun; records: Records; clock: Clock; log: Log },
): void {
  app.route({
    method: 'POST',
    url: `/import/${noun}`,
    // Each row that is written has its own line in the log, with the id of whom it is about.
    config: { access: 'registry:import', audit: 'own' },
    bodyLimit: IMPORT_BYTES_MAX,
    schema: {
      tags: ['import'],
      summary: `Bring in a table of ${noun}`,
      description: DESCRIPTION,
      consumes: ['text/csv'],
      body: z.any().meta({ description: 'The file as it was saved' }),
      querystring: query,
      response: answers({ 200: importReportSchema }),
    },
    handler: async request => {
      const { user, scope } = sessionOf(request)
      const { dryRun = false, areaId = areaOfScope(scope) } = request.query
      if (!(request.body instanceof CsvFile)) throw fault('empty', 'send a file as text/csv')
      await requireArea(records.read, { scope, areaId })
      const table = readHeader(noun, await readTable(request.body.bytes()))
      return bring(noun, table, { records, log, scope, areaId, by: user.id, at: clock.now(), dryRun })
    },
  })
}
