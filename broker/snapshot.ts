// The broker's copy of the credentials as a file, so that devices are still known when it starts while the records
// are away. It holds what the copy holds, and no secret: hashes of random ones.
//
//   file  := header LF line × count
//   header := JSON {version: 1, epoch, seq, count, sha256}     (sha256: of everything after the header's line)
//   line  := device id SP hash, hex LF

import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { idSchema } from '../model/id.ts'
import type { Log } from '../model/log.ts'

/** What the broker knows of the devices: true for the records of `epoch`, up to the change `seq`. */
export type Known = { epoch: string; seq: number; hashes: ReadonlyMap<string, Uint8Array> }

const headerSchema = z.object({
  version: z.literal(1),
  epoch: z.string().min(1),
  seq: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
  sha256: z.string(),
})

const LINE = /^([^ ]+) ([0-9a-f]{64})$/
/** Only whoever runs the hub reads it. */
const MODE = 0o600

/**
 * Writes the file so that a crash leaves the old one or the new one, never half of either.
 * @throws when the folder cannot be written.
 */
async function writeSnapshot(path: string, { epoch, seq, hashes }: Known): Promise<void> {
  const lines: string[] = []
  for (const [deviceId, hash] of hashes) lines.push(`${deviceId} ${Buffer.from(hash).toString('hex')}\n`)
  const body = lines.join('')
  const header = { version: 1, epoch, seq, count: hashes.size, sha256: sha256(body) }
  const written = `${path}.new`
  const file = await open(written, 'w', MODE)
  try {
    await file.writeFile(`${JSON.stringify(header)}\n${body}`)
    await file.chmod(MODE) // also one that was there before
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(written, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Reads the file; undefined when there is none, or none that can be trusted, which is said. */
export async function readSnapshot(path: string, log: Log): Promise<Known | undefined> {
  try {
    return parse(await readFile(path, 'utf8'))
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (!isMissing) log.warn({ error, path }, 'the snapshot of the device credentials cannot be used')
    return undefined
  }
}

function parse(text: string): Known {
  const end = text.indexOf('\n')
  const { epoch, seq, count, sha256: expected } = headerSchema.parse(JSON.parse(text.slice(0, end)))
  const body = text.slice(end + 1)
  if (sha256(body) !== expected) throw new Error('it is not whole: its checksum differs')
  const hashes = new Map<string, Uint8Array>()
  for (const line of body.split('\n').slice(0, -1)) {
    const [, deviceId, hash] = LINE.exec(line) ?? []
    if (hash === undefined) throw new Error(`it has a line that is none: ${line.slice(0, 100)}`)
    hashes.set(idSchema.parse(deviceId), Buffer.from(hash, 'hex'))
  }
  if (hashes.size !== count) throw new Error(`it holds ${hashes.size} devices instead of ${count}`)
  return { epoch, seq, hashes }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Writes what has changed, now and then, and at the end. */
export function startSaver({ path, everyMs, log }: { path: string; everyMs: number; log: Log }) {
  let wanted: Known | undefined
  let saved: { epoch: string; seq: number } | undefined
  let savedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    if (!wanted || (wanted.epoch === saved?.epoch && wanted.seq === saved.seq)) return
    const { epoch, seq } = wanted
    try {
      await writeSnapshot(path, wanted)
      saved = { epoch, seq }
    } catch (error) {
      log.warn(
        { error, path },
        'the snapshot of the device credentials could not be written; it is tried again',
      )
    }
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    savedAt = performance.now()
    writing = writing.then(write)
    return writing
  }

  return {
    /** `known` is what is true now; it may change until it is written. */
    save(known: Known): void {
      wanted = known
      timer ??= setTimeout(() => void flush(), Math.max(0, savedAt + everyMs - performance.now()))
    },
    stop: flush,
  }
}
