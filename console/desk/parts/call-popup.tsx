// One call: who it may be, what is open about them, and what can be done with it.

import { useState } from 'react'
import type { CallCandidate, SeenCall } from '../../../model/call.ts'
import { isMasked } from '../../../model/mask.ts'
import { clock } from '../../shell/amounts.ts'
import type { Problem } from '../../shell/http.ts'
import { useNow } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import { Phone, SeverityShape } from '../../shell/shapes.tsx'
import { useDeskTools } from '../desk-tools.ts'
import { kindName } from '../sentences.ts'
import { dialable } from '../telephone.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { CallerCard } from './caller-card.tsx'
import { KeyButton } from './key-button.tsx'

type Props = {
  seen: SeenCall
  /** The key that takes a call means this one. */
  takesByKey: boolean
  /** All the other keys of calls mean this one. */
  hasKeys: boolean
  onDismiss(): void
  onOpen(alarmId: string): void
}

export function CallPopup({ seen, takesByKey, hasKeys, onDismiss, onOpen }: Props) {
  const words = useWorkWords()
  const all = useWords()
  const { user, actions, tell } = useDeskTools()
  const { call, candidates } = seen
  const [chosenId, setChosenId] = useState<string>()
  const [busy, setBusy] = useState(false)
  const known = candidates.find(({ subject }) => subject.id === (call.residentId ?? chosenId))
  const about = known ?? (candidates.length === 1 ? candidates[0] : undefined)
  const isMine = call.owner?.id === user.id
  const alarmId = call.alarmId ?? about?.alarms[0]?.id
  const residentId = about?.subject.type === 'resident' ? about.subject.id : undefined

  async function run(ask: () => Promise<Problem | undefined>): Promise<void> {
    setBusy(true)
    const problem = await ask()
    setBusy(false)
    if (problem) tell({ tone: 'bad', text: refusal(problem, all) })
  }
  const take = () =>
    run(async () => {
      const problem = await actions.takeCall(call.id, residentId)
      if (!problem && alarmId !== undefined) onOpen(alarmId)
      return problem
    })
  const raise = () => run(() => actions.raiseFromCall(call.id, raisedAbout(candidates, residentId)))
  const isAsked = candidates.length > 1 && !about
  const isOver = call.state === 'ended'

  return (
    <article className={`call-popup is-${call.state} ${isMine ? 'is-mine' : ''}`} data-call={call.id}>
      <header>
        <Phone />
        <strong>{words.callState[call.state]}</strong>
        <CallClock seen={seen} />
        <CallNumber seen={seen} />
      </header>
      {candidates.length === 0 && <p className="call-who">{words.callerUnknown}</p>}
      {isAsked && <p className="faint">{words.callerSeveral}</p>}
      <ul className="callers">
        {(about ? [about] : candidates).map(candidate => (
          <Caller
            key={candidate.subject.id}
            candidate={candidate}
            onChoose={isAsked ? () => setChosenId(candidate.subject.id) : undefined}
          />
        ))}
      </ul>
      {residentId !== undefined && <CallerCard residentId={residentId} />}
      {call.alarmId !== null && <p className="call-joined">{words.callJoined}</p>}
      <footer>
        {!isMine && call.state !== 'ended' && (
          <KeyButton
            does="takeCall"
            keyed={takesByKey}
            type="primary"
            disabled={busy}
            onPress={() => void take()}
          >
            {call.state === 'missed' ? words.takeMissed : words.takeCall}
          </KeyButton>
        )}
        {alarmId !== undefined && (
          <KeyButton does="openCaller" keyed={hasKeys} onPress={() => onOpen(alarmId)}>
            {words.openCaller}
          </KeyButton>
        )}
        {!isOver && (
          <KeyButton
            does="raiseFromCall"
            keyed={hasKeys}
            danger
            disabled={busy || isAsked}
            onPress={() => void raise()}
          >
            {words.raiseFromCall}
          </KeyButton>
        )}
        <KeyButton does="dismissCall" keyed={hasKeys} onPress={onDismiss}>
          {words.dismissCall}
        </KeyButton>
      </footer>
    </article>
  )
}

/** Of a number that nobody, or only a device, is known by, the alarm is about the call. */
const raisedAbout = (candidates: readonly CallCandidate[], residentId: string | undefined) =>
  residentId !== undefined ? { residentId } : candidates.length === 0 ? { residentId: null } : {}

function CallClock({ seen: { call } }: { seen: SeenCall }) {
  const words = useWorkWords()
  const all = useWords()
  const now = useNow()
  if (call.state === 'ended' || call.state === 'missed') {
    return call.durationMs === null ? null : <span>{words.spoke(Math.round(call.durationMs / 1_000))}</span>
  }
  return <time>{clock(now - (call.answeredAt ?? call.startedAt), all)}</time>
}

function CallNumber({ seen: { call } }: { seen: SeenCall }) {
  const words = useWorkWords()
  const number = call.from ?? call.number
  if (number === null) return <b className="call-number">{words.withheld}</b>
  if (isMasked(number)) return <b className="call-number">{number}</b>
  return (
    <a className="call-number" href={`tel:${dialable(number)}`}>
      {number}
    </a>
  )
}

function Caller({ candidate, onChoose }: { candidate: CallCandidate; onChoose: (() => void) | undefined }) {
  const words = useWorkWords()
  const all = useWords()
  const { subject, ways, alarms } = candidate
  return (
    <li>
      <p>
        <strong>{subject.name}</strong>{' '}
        <span className="faint">
          {ways
            .map(way => (way.by === 'contact' ? words.wayContact(way.relation, way.name) : words.way[way.by]))
            .join(' · ')}
        </span>
      </p>
      {alarms.map(alarm => (
        <p key={alarm.id} className={`call-alarm is-${alarm.severity}`}>
          <SeverityShape severity={alarm.severity} kind={alarm.class} />
          {kindName(alarm.kind, all)} · {all.state[alarm.state]}
        </p>
      ))}
      {onChoose && (
        <button type="button" className="plain-button" onClick={onChoose}>
          {words.itIs(subject.name)}
        </button>
      )}
    </li>
  )
}
