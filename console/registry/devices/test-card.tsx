// Whether a device answers: what was last heard of it, a command to it, and what became of the last ones.

import { Button, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { Command, CommandName } from '../../../model/command.ts'
import type { Device } from '../../../model/device.ts'
import type { Latest } from '../../../model/history.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage, useWords } from '../../shell/language.tsx'
import { useShown } from '../../shell/shown.ts'
import { type ListOf, queryOf } from '../answers.ts'
import { Refused } from '../parts/refused.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { type Said, sayProblem } from '../said.ts'
import { sayTime } from '../say-time.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

/** Those that need nothing to be told, and do no harm. */
const TESTS = ['locate', 'find', 'reboot'] as const satisfies readonly CommandName[]
type Test = (typeof TESTS)[number]

const SHOWN = 10
/** While a device has not answered it is looked again. */
const LOOK_EVERY_MS = 3_000

export function TestCard({ device }: { device: Device }) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const said = words.devices
  const path = `devices/${device.id}/commands`
  const commands = useAnswer<ListOf<Command>>(path, () => http.get(`${path}${queryOf({ limit: SHOWN })}`))
  const [name, setName] = useState<Test>('locate')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Said>()
  const waits = (commands.value?.items ?? []).some(({ state }) => state === 'queued' || state === 'sent')
  const shown = useShown()
  const { reload } = commands
  useEffect(() => {
    if (!waits || !shown) return
    const timer = setInterval(() => void reload(), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [waits, shown, reload])

  async function send(): Promise<void> {
    setBusy(true)
    setRefused(undefined)
    const answer = await http.post<Command>(path, { name, args: {} })
    setBusy(false)
    if (!answer.ok) setRefused(sayProblem(answer.problem, { shared, words }))
    await reload()
  }

  return (
    <Card title={said.test} lead={said.testLead}>
      {device.residentId !== null && <Heard device={device} residentId={device.residentId} />}
      <p className="registry-line">
        <Select
          aria-label={said.test}
          value={name}
          onChange={setName}
          options={TESTS.map(value => ({ value, label: said.commandNames[value] }))}
          className="registry-kind"
        />
        <Button type="primary" loading={busy} onClick={() => void send()}>
          {said.send}
        </Button>
      </p>
      {refused && <Refused said={refused} />}
      <h3>{said.history}</h3>
      <Settled of={commands}>
        {({ items }) =>
          items.length === 0 ? <Empty text={said.noCommands} /> : <Commands commands={items} />
        }
      </Settled>
    </Card>
  )
}

function Commands({ commands }: { commands: readonly Command[] }) {
  const { devices: said } = useRegistryWords()
  const language = useLanguage()
  return (
    <ul className="registry-rows" aria-live="polite">
      {commands.map(({ id, name, state, createdAt, detail }) => (
        <li key={id}>
          <time>{sayTime(createdAt, language)}</time>
          <strong>{said.commandNames[name]}</strong>
          <span className={`mark ${state === 'acked' ? 'is-plain' : 'is-warn'}`}>
            {said.commandStates[state]}
          </span>
          {detail && <span className="faint">{detail}</span>}
        </li>
      ))}
    </ul>
  )
}

/** Of what its wearer's devices said last, that which this one said. */
function Heard({ device, residentId }: { device: Device; residentId: string }) {
  const { devices: said } = useRegistryWords()
  const http = useHttp()
  const language = useLanguage()
  const { value, problem } = useAnswer<Latest>(residentId, () => http.get(`residents/${residentId}/latest`))
  if (problem || !value) return null
  const times = [value.fix, value.vitals, value.state].flatMap(each =>
    each && each.deviceId === device.id ? [each.receivedAt] : [],
  )
  return (
    <p className="registry-line">
      {said.lastHeard}
      <strong>{times.length === 0 ? said.neverHeard : sayTime(Math.max(...times), language)}</strong>
    </p>
  )
}
