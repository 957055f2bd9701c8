// npm run -s falls:score < bursts.ndjson > verdicts.ndjson
//
// One burst a line in (docs/device-protocol.md, motion), one line out, in order:
// `{ "id", "fall": true|false, "score": 0..1 }`; with `"error"` where it could not be judged.

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { scoreLine } from '../workers/falls/score-line.ts'

const { stdin, stdout } = process

for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (!stdout.write(`${JSON.stringify(scoreLine(line))}\n`)) await once(stdout, 'drain')
}
