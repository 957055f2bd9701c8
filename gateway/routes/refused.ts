// Why something was refused at the desk, with what the person needs to go on.

import type { Reported } from '../../alerts/dispatch.ts'
import type { Handled } from '../../alerts/handle.ts'
import { type Problem, problem } from '../problem.ts'

type Refused = (Handled & { ok: false }) | (Reported & { ok: false })

export function refusedAs(outcome: Refused, requestId: string): Problem {
  switch (outcome.code) {
    case 'ALARM_TAKEN': {
      const { owner } = outcome
      return problem(outcome.code, `${owner.name} has this alarm.`, { owner, requestId })
    }
    case 'ALARM_STATE': {
      const { state, detail } = outcome
      const why = detail === undefined ? '' : `: ${detail}`
      return problem(outcome.code, `This cannot be done while the alarm is ${state}${why}.`, {
        state,
        requestId,
      })
    }
    case 'ALARM_CHANGED':
      return problem(outcome.code, 'Something joined this alarm that was not on the screen.', {
        seq: outcome.seq,
        requestId,
      })
    default:
      return problem(outcome.code, sentence(outcome.detail), { requestId })
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
