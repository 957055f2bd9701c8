// Who was sent, how far they are, and what the desk hears of them by telephone.

import { Button } from 'antd'
import { useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Dispatch, DispatchAction, DispatchState } from '../../../model/dispatch.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'

/** What can be heard next of somebody who was sent. */
const NEXT: Record<DispatchState, readonly DispatchAction[]> = {
  asked: ['accept', 'on_the_way', 'arrive', 'decline', 'call_off'],
  accepted: ['on_the_way', 'arrive', 'decline', 'call_off'],
  on_the_way: ['arrive', 'decline', 'call_off'],
  arrived: [],
  declined: [],
  called_off: [],
}

/** When they reached the state that they are in. */
const SINCE: Record<DispatchState, (dispatch: Dispatch) => number | null> = {
  asked: dispatch => dispatch.askedAt,
  accepted: dispatch => dispatch.acceptedAt,
  on_the_way: dispatch => dispatch.onTheWayAt,
  arrived: dispatch => dispatch.arrivedAt,
  declined: dispatch => dispatch.declinedAt,
  called_off: dispatch => dispatch.calledOffAt,
}

export function Dispatches({ file, mayReport }: { file: AlarmFile; mayReport: boolean }) {
  const words = useWorkWords()
  if (file.dispatches.length === 0) return null
  return (
    <section className="card" aria-label={words.dispatches}>
      <h3>{words.dispatches}</h3>
      <ul className="dispatches">
        {file.dispatches.map(dispatch => (
          <DispatchRow key={dispatch.id} file={file} dispatch={dispatch} mayReport={mayReport} />
        ))}
      </ul>
    </section>
  )
}

type RowProps = { file: AlarmFile; dispatch: Dispatch; mayReport: boolean }

function DispatchRow({ file, dispatch, mayReport }: RowProps) {
  const words = useWorkWords()
  const all = useWords()
  const now = useNow()
  const { actions, tell } = useDeskTools()
  const [busy, setBusy] = useState(false)
  const { state } = dispatch
  const since = SINCE[state](dispatch) ?? dispatch.askedAt

  async function report(action: DispatchAction): Promise<void> {
    setBusy(true)
    const problem = await actions.report(file.alarm, dispatch.id, action)
    setBusy(false)
    if (problem) tell({ tone: 'bad', text: refusal(problem, all) })
  }

  return (
    <li className={`dispatch is-${state}`}>
      <p>
        <strong>{dispatch.responder?.name ?? words.withoutAccount}</strong>
        <span className="mark is-plain">{words.dispatchState[state]}</span>
        <time>{timeOfDay(since, now, all)}</time>
      </p>
      {dispatch.note !== null && <p className="faint">{dispatch.note}</p>}
      {dispatch.reply !== null && <blockquote>{dispatch.reply}</blockquote>}
      {mayReport && NEXT[state].length > 0 && (
        <p className="dispatch-heard">
          <small>{words.heard}</small>
          {NEXT[state].map(action => (
            <Button
              key={action}
              size="small"
              className={`heard-${action}`}
              disabled={busy}
              onClick={() => void report(action)}
            >
              {words.dispatchAction[action]}
            </Button>
          ))}
        </p>
      )}
    </li>
  )
}
