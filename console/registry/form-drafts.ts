// What was typed into a form of the registry and not saved yet: it is there again when somebody comes back to that page.
// A form that is cancelled forgets it, and so does the page when it is left or somebody else signs in.

import { useState } from 'react'
import { createDrafts, type Drafts } from '../shell/drafts.ts'
import type { FieldSpec, Values } from './parts/field-spec.ts'

/** By the name of the form, such as `resident res_1`; of each the fields alone that were changed. */
export const formDrafts: Drafts<Values> = createDrafts()

/** Passwords are typed anew. */
export function keepChanged(
  name: string,
  changed: Values,
  fields: readonly Pick<FieldSpec, 'name' | 'as'>[],
  drafts = formDrafts,
): void {
  const kept = fields.filter(field => field.as !== 'password' && field.name in changed)
  if (kept.length === 0) return
  drafts.keep(name, {
    ...drafts.of(name),
    ...Object.fromEntries(kept.map(field => [field.name, changed[field.name]])),
  })
}

/** Whether a form is open in the place of what it changes: it opens by itself where something is kept for it. */
export function useEditing(name: string): [boolean, (editing: boolean) => void] {
  return useState(() => formDrafts.of(name) !== undefined)
}
