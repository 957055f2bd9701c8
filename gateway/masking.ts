// Hides what is personal in every answer, in one place: a route shows it only where it says so for this request. So a
// new route leaks nothing, and one that forgets shows too little.

import type { FastifyRequest } from 'fastify'
import { isMasked, masked, saidIn } from '../model/mask.ts'
import type { Role } from '../model/user.ts'
import { badField } from '../records/scope.ts'
import type { App } from './app.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request is answered with is shown as it is. */
    isClear: boolean
  }
}

/** Other systems keep the register in step: they hold these fields themselves, and could not give a reason. */
const CLEAR_FOR: ReadonlySet<Role> = new Set(['integration'])

/** Call it after `guard`, and before the routes that it is for. */
export function maskAnswers(app: App): void {
  app.decorateRequest('isClear', false)
  app.addHook('preHandler', async ({ body }) => {
    const [stars] = [...saidIn(body)].filter(isMasked)
    if (stars === undefined) return
    const message = `${stars} is what is shown of something hidden: it cannot be stored in its place`
    throw badField('body', message, 'masked')
  })
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const role = request.session?.user.role
    if (request.isClear || (role !== undefined && CLEAR_FOR.has(role))) return payload
    // What somebody has just written is no secret to them.
    return masked(payload, saidIn(request.body))
  })
}

/** Shows personal fields in the answer to this request. Whoever calls it has written down why, or knows that others did. */
export function showClear(request: FastifyRequest): void {
  request.isClear = true
}
