// Shows what is hidden of somebody, for a reason that is written down before it is answered.

import { HubError } from '../../model/error.ts'
import { REVEALABLE, type Reveal, revealedSchema, revealSchema } from '../../model/reveal.ts'
import { getContact } from '../../records/contacts.ts'
import type { Db, Records } from '../../records/db.ts'
import { getDevice } from '../../records/devices.ts'
import { getResident } from '../../records/residents.ts'
import { badField, type Scope } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { noteReason, noteTarget } from '../audit.ts'
import { showClear } from '../masking.ts'

export function revealRoutes(app: App, { records }: { records: Pick<Records, 'read'> }): void {
  app.route({
    method: 'POST',
    url: '/reveals',
    config: { access: 'reveals:write' },
    schema: {
      tags: ['privacy'],
      summary: 'See what is hidden of somebody, for a reason',
      description:
        'Who saw which fields of whom, when and why, stands in the audit log before this is answered.',
      body: revealSchema,
      response: answers({ 200: revealedSchema }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { type, id, fields, reason } = request.body
      const unknown = fields.find(field => !(REVEALABLE[type] as readonly string[]).includes(field))
      if (unknown !== undefined) throw badField('body.fields', `a ${type} has no ${unknown}`, 'invalid_value')
      const found = await FINDERS[type](records.read, { scope: sessionOf(request).scope, id })
      if (found === undefined) throw new HubError('NOT_FOUND', `there is no ${type} ${id}`)
      noteTarget(request, { type, id })
      noteReason(request, reason)
      showClear(request)
      const values = found as Record<string, unknown>
      const shown = fields.map(field => [field, (values[field] as string | undefined) ?? null] as const)
      return { type, id, values: Object.fromEntries(shown) }
    },
  })
}

type Finder = (db: Db, row: { scope: Scope; id: string }) => Promise<object | undefined>

const FINDERS: Readonly<Record<Reveal['type'], Finder>> = {
  resident: getResident,
  contact: getContact,
  device: getDevice,
}
