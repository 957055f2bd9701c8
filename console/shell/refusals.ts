// A refusal of the hub as a sentence that helps: who has it, what it is now.

import type { Problem } from './http.ts'
import type { Words } from './words.zh.ts'

export function refusal(problem: Problem, words: Words): string {
  switch (problem.code) {
    case 'ALARM_TAKEN':
      return problem.owner ? words.taken(problem.owner.name) : words.takenBySomebody
    case 'ALARM_STATE':
      return problem.state ? words.stateChanged(words.state[problem.state]) : words.error.ALARM_STATE
    default:
      return words.error[problem.code] ?? problem.detail ?? words.error.UNAVAILABLE
  }
}
