// A storm of messages: everything is delivered once by key, and an SOS waits behind none of it. `npm run storm` makes it
// ten thousand.

import { expect, test } from 'vitest'
import { storm } from './storm.ts'

const DELIVERIES = Number(process.env.STORM_DELIVERIES ?? 200)
/** The machine of a test run may be busy with others; what is meant is 200 ms. */
const SOS_WITHIN_MS = 2_000

test('a receiver that fails 30 % and hangs 5 % gets everything, and an SOS in the middle leaves at once', async () => {
  const figures = await storm({ deliveries: DELIVERIES })
  if (process.env.STORM_DELIVERIES) process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures).toMatchObject({ taken: figures.deliveries, failed: 0 })
  expect(figures.takenBeforeSos).toBeLessThan(figures.deliveries)
  expect(figures.sosMs).toBeLessThan(SOS_WITHIN_MS)
}, 1_200_000)
