// An alarm as a reader of its timeline alone would tell it.

import type { DispatchState } from '../../model/dispatch.ts'
import type { Disposition, EntryKind, IncidentState, TimelineEntry } from '../../model/incident.ts'

export type Story = {
  state: IncidentState
  ownerId: string | null
  disposition: Disposition | null
  dispatches: Record<string, DispatchState>
  ticked: string[]
}

const OWNS: ReadonlySet<EntryKind> = new Set(['accepted', 'taken_over', 'reopened', 'handed_on'])
const REPORTS: Partial<Record<EntryKind, DispatchState>> = {
  dispatch_accepted: 'accepted',
  dispatch_declined: 'declined',
  on_the_way: 'on_the_way',
  called_off: 'called_off',
  arrived: 'arrived',
}

export function tell(timeline: readonly TimelineEntry[]): Story {
  const story: Story = { state: 'raised', ownerId: null, disposition: null, dispatches: {}, ticked: [] }
  for (const entry of timeline) follow(story, entry)
  story.ticked.sort()
  return story
}

function follow(story: Story, { kind, by, detail }: TimelineEntry): void {
  const dispatchId = typeof detail.dispatchId === 'string' ? detail.dispatchId : undefined
  if (OWNS.has(kind)) {
    story.ownerId = by ?? null
    if (story.state === 'raised' || kind === 'reopened') story.state = 'accepted'
    if (kind === 'reopened') story.disposition = null
  }
  if (kind === 'released' || kind === 'lapsed') {
    story.ownerId = null
    if (story.state === 'accepted') story.state = 'raised'
  }
  if (kind === 'dispatched') {
    if (story.state !== 'arrived') story.state = 'dispatched'
    if (dispatchId !== undefined) story.dispatches[dispatchId] = detail.responder ? 'asked' : 'on_the_way'
  }
  const reported = REPORTS[kind]
  if (reported !== undefined && dispatchId !== undefined) story.dispatches[dispatchId] = reported
  if (typeof detail.back === 'string') story.state = detail.back as IncidentState
  if (kind === 'arrived' || kind === 'resolved' || kind === 'closed') story.state = kind
  if (kind === 'resolved') {
    story.disposition = (detail.disposition as Disposition | null) ?? null
    for (const id of (detail.calledOff as string[] | undefined) ?? []) story.dispatches[id] = 'called_off'
  }
  if (kind === 'ticked') story.ticked.push(String(detail.stepId))
  if (kind === 'unticked') story.ticked = story.ticked.filter(id => id !== detail.stepId)
}
