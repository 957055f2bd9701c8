// Steps of a procedure while somebody writes them (pure): a step keeps its id for as long as it says the same.

import type { Step } from '../../../model/procedure.ts'

export type WrittenStep = { id?: string | undefined; text: string; key: number }

export const toWritten = (steps: readonly Step[]): WrittenStep[] =>
  steps.map(({ id, text }, key) => ({ id, text, key }))

/** Blank ones are left out; one that says something else than before is a new one. */
export const fromWritten = (
  written: readonly WrittenStep[],
  before: readonly Step[],
): { id?: string; text: string }[] =>
  written.flatMap(({ id, text }) => {
    const said = text.trim()
    if (said === '') return []
    const isSame = before.some(step => step.id === id && step.text === said)
    return [isSame && id !== undefined ? { id, text: said } : { text: said }]
  })
