import { describe, expect, it } from 'vitest'
import { createTyping, TYPES_ON_MS, type Typing } from '../../../console/desk/keys/typing.ts'

type Desk = { typing: Typing; field: { there: boolean }; pass(ms: number): void }

/** Somebody has begun to type into a field. */
function typist(): Desk {
  let now = 10_000
  const field = { there: true }
  const typing = createTyping({ now: () => now })
  typing.began({ isThere: () => field.there })
  typing.typed({ key: 'd', isComposing: false })
  return {
    typing,
    field,
    pass(ms) {
      now += ms
    },
  }
}

describe('typing whose field goes away', () => {
  const ROWS: { reason: string; does(desk: Desk): void; goesOn: boolean }[] = [
    { reason: 'the field is there', does: ({ typing }) => typing.look(), goesOn: false },
    {
      reason: 'it was taken away in the middle of a word',
      does({ typing, field }) {
        field.there = false
        typing.look()
      },
      goesOn: true,
    },
    {
      reason: 'it was taken away, and the browser says that the focus has gone',
      does({ typing, field }) {
        field.there = false
        typing.ended()
      },
      goesOn: true,
    },
    {
      reason: 'the operator went elsewhere, and it was taken away later',
      does({ typing, field }) {
        typing.ended()
        field.there = false
        typing.look()
      },
      goesOn: false,
    },
    {
      reason: 'Enter sent it, and its dialog closed',
      does({ typing, field }) {
        typing.typed({ key: 'Enter', isComposing: false })
        field.there = false
        typing.look()
      },
      goesOn: false,
    },
    {
      reason: 'Enter only chose a word of the input method',
      does({ typing, field }) {
        typing.typed({ key: 'Enter', isComposing: true })
        field.there = false
        typing.look()
      },
      goesOn: true,
    },
    {
      reason: 'Enter sent a note, and the next one was begun',
      does({ typing, field }) {
        typing.typed({ key: 'Enter', isComposing: false })
        typing.typed({ key: 'a', isComposing: false })
        field.there = false
        typing.look()
      },
      goesOn: true,
    },
    {
      reason: 'long enough to look up',
      does({ typing, field, pass }) {
        field.there = false
        typing.look()
        pass(TYPES_ON_MS)
        typing.look()
      },
      goesOn: false,
    },
  ]
  it.each(ROWS)('$reason', ({ does, goesOn }) => {
    const desk = typist()
    does(desk)
    expect(desk.typing.goesOn()).toBe(goesOn)
  })
})
