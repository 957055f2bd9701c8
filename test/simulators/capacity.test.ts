import { describe, expect, test } from 'vitest'
import { BYTES_PER_DEVICE, thisMachine, tooManyFor } from '../../simulators/capacity.ts'

describe('how many wearables a machine can hold', () => {
  const roomy = { freeBytes: 1_000 * BYTES_PER_DEVICE, openFiles: 20_000 }

  test.each([
    ['room for all', roomy, 1_000, undefined],
    ['memory for fewer', roomy, 1_001, /memory: at most 1000$/],
    ['files for fewer', { ...roomy, openFiles: 256 }, 200, /open files \(limit 256\): at most 156$/],
    ['nothing left', { freeBytes: 0, openFiles: 50 }, 1, /at most 0$/],
    ['no limit of files', { ...roomy, openFiles: Number.POSITIVE_INFINITY }, 1_000, undefined],
  ])('%s', (_reason, machine, devices, said) => {
    const reason = tooManyFor(machine, devices)
    if (said === undefined) expect(reason).toBeUndefined()
    else expect(reason).toMatch(said)
  })

  test('this machine can hold some', () => {
    expect(tooManyFor(thisMachine(), 10)).toBeUndefined()
  })
})
