// Between shifts: what waits to be taken, and what one leaves to the next, with the own open alarms.

import { Button } from 'antd'
import { useEffect, useState } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import type { Presence } from '../../../model/presence.ts'
import type { Shift } from '../../../model/shift.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import type { Problem } from '../../shell/http.ts'
import { useNow } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import { kindName } from '../sentences.ts'
import type { Shifts } from '../use-shifts.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'

/** Whoever comes. */
const ANYBODY = 'anybody'

type Props = { shifts: Shifts; mine: readonly Alarm[]; onClose(): void }

export function ShiftDialog({ shifts, mine, onClose }: Props) {
  const words = useWorkWords()
  const { user, work, tell } = useDeskTools()
  const [people, setPeople] = useState<readonly Presence[]>([])
  const [to, setTo] = useState<string>(ANYBODY)
  const [text, setText] = useState('')
  const { read } = shifts
  useEffect(() => {
    void read()
    // Whom it is meant for is chosen by those who see who is there; others leave it to whoever comes.
    if (user.role !== 'operator') void work.people().then(answer => answer.ok && setPeople(answer.value))
  }, [read, work, user.role])

  async function send(): Promise<Problem | undefined> {
    const answer = await work.handOver({ text: text.trim(), ...(to !== ANYBODY && { toUserId: to }) })
    if (!answer.ok) return answer.problem
    tell({ tone: 'good', text: words.shiftWritten(answer.value.alarms.length) })
    onClose()
    return undefined
  }

  const others = people.filter(({ user: { id } }) => id !== user.id)
  return (
    <FormDialog
      title={words.shift}
      confirm={words.shiftConfirm}
      missing={text.trim() === '' ? words.shiftMissing : undefined}
      onCancel={onClose}
      onSubmit={send}
    >
      <Waiting shifts={shifts} onTaken={onClose} />
      <section>
        <h3>{words.shiftLeave}</h3>
        <p className="faint">{words.shiftLead}</p>
        <AlarmLines alarms={mine} empty={words.shiftNothing} />
      </section>
      {others.length > 0 && (
        <ChooseOne
          legend={words.shiftTo}
          name="to"
          choices={[
            { value: ANYBODY, label: words.shiftAnybody },
            ...others.map(({ user: { id, name } }) => ({ value: id, label: name })),
          ]}
          chosen={to}
          onChoose={setTo}
        />
      )}
      <LongText label={words.shiftText} value={text} rows={4} maxLength={4_000} onChange={setText} />
    </FormDialog>
  )
}

function Waiting({ shifts, onTaken }: { shifts: Shifts; onTaken(): void }) {
  const words = useWorkWords()
  if (shifts.waiting.length === 0) return null
  return (
    <section className="shifts-waiting" aria-label={words.shiftWaiting}>
      <h3>{words.shiftWaiting}</h3>
      <ul>
        {shifts.waiting.map(shift => (
          <WaitingShift key={shift.id} shift={shift} read={shifts.read} onTaken={onTaken} />
        ))}
      </ul>
    </section>
  )
}

type WaitingProps = { shift: Shift; read(): Promise<void>; onTaken(): void }

function WaitingShift({ shift, read, onTaken }: WaitingProps) {
  const words = useWorkWords()
  const all = useWords()
  const now = useNow()
  const { work, tell } = useDeskTools()
  const [busy, setBusy] = useState(false)

  async function take(): Promise<void> {
    setBusy(true)
    const answer = await work.takeShift(shift.id)
    setBusy(false)
    await read()
    if (!answer.ok) return tell({ tone: 'bad', text: refusal(answer.problem, all) })
    tell({ tone: 'good', text: words.shiftTaken(shift.from.name) })
    onTaken()
  }

  return (
    <li className="shift">
      <p>
        <strong>{shift.from.name}</strong> <time>{timeOfDay(shift.createdAt, now, all)}</time>
        {shift.to && <span className="mark is-plain">{words.shiftFor(shift.to.name)}</span>}
      </p>
      <blockquote>{shift.text}</blockquote>
      <AlarmLines alarms={shift.alarms} empty={words.shiftNothing} />
      <Button type="primary" className="take-shift" disabled={busy} onClick={() => void take()}>
        {words.shiftTake}
      </Button>
    </li>
  )
}

function AlarmLines({ alarms, empty }: { alarms: readonly Alarm[]; empty: string }) {
  const words = useWords()
  if (alarms.length === 0) return <p className="faint">{empty}</p>
  return (
    <ul className="alarm-lines">
      {alarms.map(({ id, kind, subject, state }) => (
        <li key={id}>
          {kindName(kind, words)} · {subject.name} · {words.state[state]}
        </li>
      ))}
    </ul>
  )
}
