import { describe, expect, test } from 'vitest'
import { COMMAND_LIFETIME_MS, COMMAND_NAMES, newCommandSchema, parseCommandAck } from '../../model/command.ts'

describe('what may be asked of a device', () => {
  test.each<[body: object, why: string]>([
    [{ name: 'locate' }, 'nothing to be told'],
    [{ name: 'locate', args: {} }, 'nothing to be told'],
    [{ name: 'interval', args: { everyMs: 10_000 } }, 'the shortest'],
    [{ name: 'interval', args: { everyMs: 7 * 24 * 3_600_000 } }, 'the longest'],
    [{ name: 'call', args: { number: '+8613800138000' } }, 'a mobile'],
    [{ name: 'call', args: { number: '120' } }, 'an emergency number'],
    [{ name: 'message', args: { text: '女儿在路上' } }, 'Chinese'],
    [{ name: 'reminder', args: { text: '吃药', at: 1_795_284_841_149 } }, 'with its time'],
    [{ name: 'find' }, 'a sound'],
    [{ name: 'reboot' }, ''],
  ])('%j is taken: %s', body => {
    expect(newCommandSchema.safeParse(body).success).toBe(true)
  })

  test.each<[body: unknown, why: string]>([
    [{ name: 'explode', args: {} }, 'unknown'],
    [{ args: {} }, 'without a name'],
    [{ name: 'locate', args: { now: true } }, 'args that it does not have'],
    [{ name: 'interval', args: {} }, 'how often?'],
    [{ name: 'interval', args: { everyMs: 9_999 } }, 'a battery lasts for hours of it, not for more'],
    [{ name: 'interval', args: { everyMs: 20_000.5 } }, 'not whole'],
    [{ name: 'interval', args: { everyMs: Number.NaN } }, 'no number'],
    [{ name: 'call', args: { number: '120;reboot' } }, 'no number to dial'],
    [{ name: 'call', args: { number: '12' } }, 'too short'],
    [{ name: 'message', args: { text: '' } }, 'nothing to say'],
    [{ name: 'message', args: { text: 'x'.repeat(501) } }, 'too long'],
    [{ name: 'message', args: { text: 'a\0b' } }, 'cannot be stored'],
    [{ name: 'reminder', args: { text: '吃药' } }, 'when?'],
    [{ name: 'find', args: {}, to: 'band-1' }, 'a field that nobody knows'],
    [null, 'nothing'],
  ])('%j is refused: %s', body => {
    expect(newCommandSchema.safeParse(body).success).toBe(false)
  })

  test('each has a time after which it helps nobody', () => {
    expect(Object.keys(COMMAND_LIFETIME_MS)).toEqual([...COMMAND_NAMES])
  })
})

describe('what a device answers', () => {
  test.each<[text: string, read: object | null, why: string]>([
    ['{"id":"c1","ok":true}', { id: 'c1', ok: true, detail: null }, 'done'],
    ['{"id":"c1","ok":false,"detail":"no fix"}', { id: 'c1', ok: false, detail: 'no fix' }, 'not done'],
    [
      '{"id":"c1","ok":true,"detail":7,"x":1}',
      { id: 'c1', ok: true, detail: null },
      'a detail that is no text',
    ],
    [
      '{"id":"c1","ok":true,"detail":"a\\u0000"}',
      { id: 'c1', ok: true, detail: 'a\uFFFD' },
      'cannot be stored',
    ],
    ['{"id":"c1","ok":"yes"}', null, 'neither done nor not'],
    ['{"ok":true}', null, 'about nothing'],
    ['{"id":"../c1","ok":true}', null, 'no id'],
    ['ok', null, 'no JSON'],
    ['null', null, 'nothing'],
    ['[]', null, 'a list'],
    ['', null, 'empty'],
    [`{"id":"c1","ok":true,"detail":"${'x'.repeat(5_000)}"}`, null, 'without end'],
  ])('%s', (text, read) => {
    expect(parseCommandAck(text)).toEqual(read)
  })

  test('keeps the beginning of what it says', () => {
    const ack = parseCommandAck(JSON.stringify({ id: 'c1', ok: false, detail: '好'.repeat(600) }))
    expect(ack?.detail).toBe('好'.repeat(500))
  })
})
