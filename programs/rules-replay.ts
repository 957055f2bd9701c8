// npm run -s rules:replay -- --zones zones.json [--resident resident.json] < records.ndjson > findings.ndjson
//
// `{ "receivedAt", "deviceId", "telemetry" | "event" | "motion": {…} }` a line in, in the order of receipt; the findings
// that they raise a line out. Time passes between lines as it did then. A line that is no record is named on stderr, and
// the others go on; so is a zone that cannot be used. A file that cannot be read as a whole ends it with status 1 before
// the first line.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Folded } from '../workers/folded.ts'
import { findingLine, openReplay } from '../workers/replay.ts'
import { readContext, readLine } from '../workers/replay-input.ts'
import type { Context } from '../workers/rule.ts'
import { RULES } from '../workers/rules/index.ts'

const { stdin, stdout, stderr } = process
const USAGE =
  'usage: npm run -s rules:replay -- --zones zones.json [--resident resident.json] < records.ndjson\n'

try {
  await replay(givenContext())
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function givenContext(): Context {
  const options = { zones: { type: 'string' }, resident: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  if (values.zones === undefined) throw new Error(USAGE)
  const resident = values.resident === undefined ? undefined : readFileSync(values.resident, 'utf8')
  const { context, leftOut } = readContext({ zones: readFileSync(values.zones, 'utf8'), resident })
  for (const refusal of leftOut) stderr.write(`left out ${refusal}\n`)
  if (leftOut.length > 0) stderr.write(`zones left out: ${leftOut.length}; used: ${context.zones.length}\n`)
  return context
}

async function replay(context: Context): Promise<void> {
  const replayed = openReplay({ rules: RULES, context })
  let number = 0
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line.trim() === '') continue
    const records = readLine(line)
    if ('refused' in records) {
      stderr.write(`line ${number}: ${records.refused}\n`)
      continue
    }
    for (const record of records) await tell(replayed.take(record), number)
  }
}

async function tell({ findings, rejects, ignored, ruleErrors }: Folded, number: number): Promise<void> {
  for (const { kind, reason } of rejects) stderr.write(`line ${number}: ${kind} ${reason}\n`)
  for (const part of ignored) stderr.write(`line ${number}: ignored ${part}\n`)
  for (const { rule, error } of ruleErrors)
    stderr.write(`line ${number}: rule ${rule} failed: ${String(error)}\n`)
  for (const finding of findings) {
    // The end of a condition raises nothing: as a line it would look like one more of them.
    if (!finding.ended && !stdout.write(findingLine(finding))) await once(stdout, 'drain')
  }
}
