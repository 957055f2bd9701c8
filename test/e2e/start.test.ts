// What goes wrong before a hub runs: one line that says what to do, exit code 1.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { makeHubProcess } from '../hub-process.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))

async function start(env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, BIND: '127.0.0.1', HTTP_PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'silent', ...env },
  })
  let output = ''
  child.stderr.on('data', chunk => {
    output += chunk
  })
  const [code] = await once(child, 'exit')
  return { code, lines: output.split('\n').filter(line => line !== '') }
}

describe('a hub that cannot start', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anxin-start-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  it.each(['HTTP_PORT', 'MQTT_PORT'])('names %s when the port is taken', async variable => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as { port: number }
    const { code, lines } = await start({ DATA_DIR: folder, [variable]: String(port) })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(variable)
    expect(lines[0]).toContain(String(port))
  })

  it('names DATA_DIR when it cannot be written to', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    await chmod(file, 0o400)
    const { code, lines } = await start({ DATA_DIR: join(file, 'data') })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('DATA_DIR')
  })

  it('says that another hub has DATA_DIR', async () => {
    const hub = await makeHubProcess()
    onTestFinished(() => hub.remove())
    await hub.start()
    const { code, lines } = await start({ DATA_DIR: hub.dataDir })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(hub.dataDir)
  })

  it('names a variable that makes no sense', async () => {
    const { code, lines } = await start({ DATA_DIR: folder, HTTP_PORT: 'eighty' })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('HTTP_PORT')
  })
})
