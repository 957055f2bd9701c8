// Not a test of the hub: what test/setup/needs.test.ts runs to see what becomes of a test whose program is missing.

import { describe, expect, test } from 'vitest'
import { needs } from '../../needs.ts'

describe.runIf(needs('mosquitto_pub', 'strace'))('with a client', () => {
  test('it publishes', () => expect(1).toBe(1))
})

test('what needs nothing', () => expect(1).toBe(1))
