// The order of system calls, as the kernel saw it: every PUBACK leaves after the fdatasync of its append.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signIn } from '../desk.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'
import { needs } from '../needs.ts'

const PRESSES = 25

describe.runIf(needs('strace'))('hazard 4: an alarm acknowledged before it is stored', () => {
  it('PUBACK is written to the socket after the append is on the disk', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anxin-trace-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const trace = join(folder, 'trace')
    const calls = 'fdatasync,fsync,write,writev,pwrite64,read'
    const wrap = ['strace', '-f', '-y', '-s', '4096', '-e', `trace=${calls}`, '-o', trace]
    const hub = await makeHubProcess({ wrap })
    onTestFinished(() => hub.remove())
    await hub.start()
    const desk = await signIn(hub.httpUrl, { password: PASSWORD })
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
      username: 'traced',
      password: await desk.register('traced'),
      clientId: 'traced',
    })
    for (let i = 0; i < PRESSES; i++) {
      await client.publishAsync('hub/v1/traced/event', JSON.stringify({ id: `press-${i}`, kind: 'sos' }), {
        qos: 1,
      })
    }
    await client.endAsync()
    await hub.kill('SIGTERM')
    const steps = stepsOf(await readFile(trace, 'utf8'))
    const pubacks = steps.filter(step => step.what === 'puback')
    expect(pubacks).toHaveLength(PRESSES)
    for (let i = 0; i < PRESSES; i++) {
      const appended = steps.findIndex(step => step.what === 'append' && step.presses.includes(`press-${i}`))
      const synced = steps.findIndex((step, at) => at > appended && step.what === 'synced')
      const acknowledged = steps.indexOf(pubacks[i] as Step)
      expect(appended, `press ${i} was written to the log`).toBeGreaterThanOrEqual(0)
      expect(synced, `press ${i}: fdatasync after the append`).toBeGreaterThan(appended)
      expect(acknowledged, `press ${i}: PUBACK after the fdatasync`).toBeGreaterThan(synced)
    }
  })
})

type Step = { what: 'append'; presses: string[] } | { what: 'synced' } | { what: 'puback' }

/** SQLite syncs its log by `fsync` or `fdatasync`, as it was built. */
const SYNC = / (fdatasync|fsync)\(/
/**
 * Its first byte is 0x40, "@"; the length that follows is 2, in the same buffer or in the next. Before a digit, which
 * the packet's id may begin with, it is written as \002.
 */
const PUBACK =
  / writev?\(\d+<(socket|TCP)[^>]*>, (\[\{iov_base=)?"@(\\(00)?2|", iov_len=1\}, \{iov_base="\\(00)?2)/

/**
 * What matters of an strace, in order:
 *   pwrite64(21</…/stream.db-wal>, "…press-7…", …      an append; the bytes of the press are in the page
 *   fsync(21</…/stream.db-wal>) = 0                     done, or "<... fsync resumed>) = 0" when it was cut
 *   writev(30<socket:[…]>, [{iov_base="@", …            a PUBACK
 */
function stepsOf(trace: string): Step[] {
  const steps: Step[] = []
  const syncing = new Set<string>()
  for (const line of trace.split('\n')) {
    const [pid = ''] = line.split(' ', 1)
    if (line.includes('pwrite64(') && line.includes('stream.db-wal')) {
      const presses = line.match(/press-\d+/g)
      if (presses) steps.push({ what: 'append', presses })
    } else if (SYNC.test(line) && line.includes('stream.db-wal')) {
      if (line.includes('unfinished')) syncing.add(pid)
      else if (line.trimEnd().endsWith('= 0')) steps.push({ what: 'synced' })
    } else if (line.includes('sync resumed') && syncing.delete(pid)) {
      if (line.trimEnd().endsWith('= 0')) steps.push({ what: 'synced' })
    } else if (PUBACK.test(line)) steps.push({ what: 'puback' })
  }
  return steps
}
