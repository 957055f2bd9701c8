import { describe, expect, it, vi } from 'vitest'
import { createKeyboard, type Place, type Press } from '../../../console/desk/keys/keyboard.ts'
import { DESK_KEYS, drawnKeys, KEY_GROUPS, keyIds, meantKey } from '../../../console/desk/keys/table.ts'

const ids = KEY_GROUPS.flatMap(keyIds)
const DESK: Place = {
  isTyping: false,
  isTypingOn: false,
  isChoosing: false,
  isInDialog: false,
  isOnButton: false,
}
const press = (given: Partial<Press> = {}): Press => ({
  key: 'a',
  code: 'KeyA',
  repeat: false,
  isComposing: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...given,
})

describe('the table of keys', () => {
  it('gives no key two meanings', () => {
    const keys = ids.flatMap(id => [...DESK_KEYS[id].keys])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('lists every key once, as it is printed', () => {
    expect(ids.toSorted()).toEqual(Object.keys(DESK_KEYS).toSorted())
    expect(drawnKeys('accept')).toEqual(['A', 'Enter'])
    expect(drawnKeys('callContact')).toEqual(['1–9'])
    expect(drawnKeys('next')).toEqual(['↓'])
  })

  it.each([
    { reason: 'capitals are on', key: 'A', code: 'KeyA', meant: 'a' },
    { reason: 'a Chinese input method is on', key: 'Process', code: 'KeyA', meant: 'a' },
    { reason: 'it has full-width signs', key: '？', code: 'Slash', meant: '?' },
    { reason: 'a name stays a name', key: 'Escape', code: 'Escape', meant: 'Escape' },
  ])('$reason', ({ key, code, meant }) => {
    expect(meantKey({ key, code })).toBe(meant)
  })
})

describe('a key', () => {
  const ROWS: { reason: string; given?: Partial<Press>; place?: Partial<Place>; does: boolean }[] = [
    { reason: 'does what it is bound to', does: true },
    { reason: 'is a letter while somebody types', place: { isTyping: true }, does: false },
    { reason: 'belongs to the dialog that is open', place: { isInDialog: true }, does: false },
    { reason: 'held down is one press', given: { repeat: true }, does: false },
    { reason: 'is part of a word being composed', given: { isComposing: true }, does: false },
    { reason: 'with Ctrl is the browser’s', given: { ctrlKey: true }, does: false },
    { reason: 'works from a button', place: { isOnButton: true }, does: true },
    { reason: 'Enter presses the button', given: { key: 'Enter' }, place: { isOnButton: true }, does: false },
    { reason: 'works while the outcome of a call is chosen', place: { isChoosing: true }, does: true },
    { reason: 'Enter accepts elsewhere', given: { key: 'Enter' }, does: true },
    { reason: 'an arrow moves in the queue', given: { key: 'ArrowDown' }, does: true },
    {
      reason: 'an arrow chooses the outcome of a call',
      given: { key: 'ArrowDown' },
      place: { isChoosing: true },
      does: false,
    },
    { reason: 'that means nothing is left alone', given: { key: 'i', code: 'KeyI' }, does: false },
  ]
  it.each(ROWS)('$reason', ({ given, place, does }) => {
    const keyboard = createKeyboard()
    const accept = vi.fn()
    keyboard.bind('accept', accept)
    keyboard.bind('next', accept)
    expect(keyboard.press(press(given), { ...DESK, ...place })).toBe(does)
    expect(accept).toHaveBeenCalledTimes(does ? 1 : 0)
  })

  it.each([
    { reason: 'a letter', key: 'a', code: 'KeyA', does: 0 },
    { reason: 'a letter of an input method', key: 'Process', code: 'KeyA', does: 0 },
    { reason: 'the end of a line', key: 'Enter', code: 'Enter', does: 0 },
    { reason: 'an arrow', key: 'ArrowDown', code: 'ArrowDown', does: 1 },
  ])('just after the field of a typist has gone: $reason', ({ does, ...given }) => {
    const keyboard = createKeyboard()
    const act = vi.fn()
    keyboard.bind('accept', act)
    keyboard.bind('next', act)
    expect(keyboard.press(press(given), { ...DESK, isTypingOn: true })).toBe(true)
    expect(act).toHaveBeenCalledTimes(does)
  })

  it('is the newest one’s, until that lets it go', () => {
    const keyboard = createKeyboard()
    const said: string[] = []
    keyboard.bind('accept', () => said.push('queue'))
    const letGo = keyboard.bind('accept', key => said.push(`file ${key}`))
    keyboard.press(press(), DESK)
    letGo()
    keyboard.press(press(), DESK)
    expect(said).toEqual(['file a', 'queue'])
  })
})
