// The five calls that every noun of the registry has: list, get, create, update, archive. What differs between
// nouns is a value of `RegistryNoun`; how it is called, checked and answered is here once.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import type { Db, Records } from '../../records/db.ts'
import type { Page, PageRequest } from '../../records/page.ts'
import type { Scope } from '../../records/scope.ts'
import type { Session } from '../../records/sessions.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers, NOTHING } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'
import type { Permission } from '../permissions.ts'

/** Who asks for a write, for what, and when. */
export type Write = { scope: Scope; session: Session; at: number }

export type RegistryNoun<
  Filter extends z.ZodRawShape,
  Create extends z.ZodType,
  Change extends z.ZodType,
  Item extends z.ZodType,
  Created extends z.ZodType,
> = {
  /** As in the path, such as `residents`. */
  plural: string
  /** As in sentences, such as `resident`. */
  singular: string
  read: Permission
  write: Permission
  schemas: { item: Item; filter: Filter; create: Create; change: Change; created: Created }
  list(
    db: Db,
    query: z.output<z.ZodObject<Filter>> & PageRequest & { scope: Scope },
  ): Promise<Page<z.output<Item>>>
  get(db: Db, row: { scope: Scope; id: string }): Promise<z.output<Item> | undefined>
  create(body: z.output<Create>, write: Write): Promise<z.output<Created>>
  update(id: string, body: z.output<Change>, write: Write): Promise<z.output<Item>>
  archive(id: string, write: Write): Promise<void>
}

const params = z.object({ id: idSchema })

export function registryRoutes<
  Filter extends z.ZodRawShape,
  Create extends z.ZodType,
  Change extends z.ZodType,
  Item extends z.ZodType,
  Created extends z.ZodType,
>(
  app: App,
  { records, clock }: { records: Records; clock: Clock },
  noun: RegistryNoun<Filter, Create, Change, Item, Created>,
): void {
  const { plural, singular, schemas } = noun
  const tags = [plural]
  const one = `/${plural}/:id`
  // Inside, the schemas are just schemas: what they let through has the types that `noun` asks for.
  const { item, created }: { item: z.ZodType; created: z.ZodType } = schemas
  const create: z.ZodType = schemas.create
  const change: z.ZodType = schemas.change
  const query: z.ZodType = z.strictObject({ ...pageQuery, ...schemas.filter })
  const writeOf = (session: Session): Write => ({ session, scope: session.scope, at: clock.now() })

  app.route({
    method: 'GET',
    url: `/${plural}`,
    config: { access: noun.read },
    schema: {
      tags,
      summary: `List ${plural}`,
      querystring: query,
      response: answers({ 200: listOf(item) }),
    },
    handler: request => {
      const { scope } = sessionOf(request)
      const asked = { ...(request.query as z.output<z.ZodObject<Filter>> & PageRequest), scope }
      return readSnapshot(records, tx => noun.list(tx, asked))
    },
  })

  app.route({
    method: 'POST',
    url: `/${plural}`,
    config: { access: noun.write },
    schema: {
      tags,
      summary: `Add ${singular}`,
      body: create,
      response: answers({ 201: created }, ['CONFLICT']),
    },
    handler: async (request, reply) => {
      const made = await noun.create(request.body as z.output<Create>, writeOf(sessionOf(request)))
      return reply.code(201).send(made)
    },
  })

  app.route({
    method: 'GET',
    url: one,
    config: { access: noun.read },
    schema: { tags, summary: `Get ${singular}`, params, response: answers({ 200: item }, ['NOT_FOUND']) },
    handler: async request => {
      const { id } = request.params
      const found = await noun.get(records.read, { scope: sessionOf(request).scope, id })
      if (found === undefined) throw new HubError('NOT_FOUND', `there is no ${singular} ${id}`)
      return found
    },
  })

  app.route({
    method: 'PATCH',
    url: one,
    config: { access: noun.write },
    schema: {
      tags,
      summary: `Change ${singular}`,
      description: 'Fields that are not named stay as they are.',
      params,
      body: change,
      response: answers({ 200: item }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: request =>
      noun.update(request.params.id, request.body as z.output<Change>, writeOf(sessionOf(request))),
  })

  app.route({
    method: 'DELETE',
    url: one,
    config: { access: noun.write },
    schema: {
      tags,
      summary: `Archive ${singular}`,
      description: 'It is kept for what refers to it, and its id stays taken.',
      params,
      response: answers({ 204: NOTHING }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      await noun.archive(request.params.id, writeOf(sessionOf(request)))
      return reply.code(204).send(undefined)
    },
  })
}
