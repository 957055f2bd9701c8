// "I'm going", and what became of saying so.

import { useState } from 'react'
import type { FamilyAlarm } from '../../../model/family.ts'
import type { Http } from '../../shell/http.ts'
import { useWords } from '../language.tsx'
import { clockOf } from '../times.ts'

type State = 'ready' | 'busy' | 'over' | 'failed'

type Props = { alarm: FamilyAlarm; now: number; http: Http; onChanged(): void }

export function Going({ alarm, now, http, onChanged }: Props) {
  const words = useWords()
  const [state, setState] = useState<State>('ready')
  const since = alarm.help?.goingSince ?? null

  async function go(): Promise<void> {
    setState('busy')
    const answer = await http.post(`alarms/${alarm.id}/going`)
    setState(answer.ok ? 'ready' : answer.problem.code === 'ALARM_STATE' ? 'over' : 'failed')
    onChanged()
  }

  return (
    <div className="going">
      {since !== null ? (
        <p className="said">{words.goingDone(clockOf(since, { now, words }))}</p>
      ) : (
        <button
          type="button"
          className="button is-going"
          onClick={() => void go()}
          disabled={state === 'busy'}
        >
          {state === 'busy' ? words.goingBusy : words.going}
        </button>
      )}
      {(state === 'over' || state === 'failed') && (
        <p role="alert" className="refused">
          {state === 'over' ? words.goingOver : words.goingFailed}
        </p>
      )}
      {alarm.class === 'emergency' && <p className="danger">{words.danger}</p>}
    </div>
  )
}
