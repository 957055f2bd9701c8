// The open file: one alarm with its timeline and its elder. A pure reducer beside the board; entries that the
// feed brings while the file is open join it.

import type { AlarmFile } from '../../model/alarm-file.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { Alarm, EntryKind, TimelineEntry } from '../../model/incident.ts'
import type { Problem } from '../shell/http.ts'
import type { DeskEvent } from './desk.ts'

export type OpenFile = { id: string } & (
  | { status: 'loading'; file?: undefined }
  | { status: 'failed'; problem: Problem; file?: undefined }
  /** The alarm is the desk of another area's now, and so is the file of its elder. */
  | { status: 'left'; file?: undefined }
  /** `isOld`: it may be of another database, and the next one takes its place as it is. */
  | { status: 'ready'; file: AlarmFile; isOld?: true }
)

export function fileAfter(open: OpenFile | null, event: DeskEvent): OpenFile | null {
  switch (event.type) {
    case 'opened':
      // A file that is read again stays on the screen until the new one is there.
      return open?.id === event.id && open.status === 'ready' ? open : { id: event.id, status: 'loading' }
    case 'loaded':
      // The places of the list may be those of another database: the file is read anew. It stays on the screen until
      // then, and with it what somebody is writing.
      return open?.status === 'ready' ? { ...open, isOld: true } : open && { id: open.id, status: 'loading' }
    case 'fileClosed':
      return null
    case 'fileLoaded':
      return open?.id === event.file.alarm.id ? withFile(open, event.file) : open
    case 'fileFailed':
      return open?.id === event.id && (open.status !== 'ready' || open.isOld)
        ? { id: event.id, status: 'failed', problem: event.problem }
        : open
    case 'alarm':
      return withAlarm(open, event.alarm)
    case 'message':
      return withMessage(open, event.message)
    default:
      return open
  }
}

function withMessage(open: OpenFile | null, message: FeedMessage): OpenFile | null {
  if (message.type === 'alarm') return withAlarm(open, message.alarm, message.entry)
  if (message.type !== 'left' || open?.id !== message.id) return open
  const isBack = open.status === 'ready' && open.file.alarm.seq > message.seq
  return isBack ? open : { id: open.id, status: 'left' }
}

/** A file that was asked for before the newest message keeps that message; one that has left since stays away. */
function withFile(open: OpenFile, file: AlarmFile): OpenFile {
  if (open.status === 'left') return open
  const fresh: OpenFile = { id: file.alarm.id, status: 'ready', file }
  if (open.status !== 'ready' || open.isOld) return fresh
  const newer = open.file.timeline.filter(entry => entry.seq > file.alarm.seq)
  const timeline = newer.reduce(withEntry, file.timeline)
  const alarm = open.file.alarm.seq > file.alarm.seq ? open.file.alarm : file.alarm
  return { ...fresh, file: { ...file, alarm, timeline } }
}

function withAlarm(open: OpenFile | null, alarm: Alarm, entry?: TimelineEntry): OpenFile | null {
  if (open?.status !== 'ready' || open.id !== alarm.id) return open
  const timeline = entry ? withEntry(open.file.timeline, entry) : open.file.timeline
  const newest = alarm.seq >= open.file.alarm.seq ? alarm : open.file.alarm
  return { ...open, file: { ...open.file, alarm: newest, timeline } }
}

function withEntry(timeline: TimelineEntry[], entry: TimelineEntry): TimelineEntry[] {
  if (timeline.some(known => known.seq === entry.seq)) return timeline
  return [...timeline, entry].sort((a, b) => a.seq - b.seq)
}

/** These say more than that they happened: who was sent, which step is done, whose it is and what that shows. */
const CHANGES_FILE: ReadonlySet<EntryKind> = new Set([
  'accepted',
  'taken_over',
  'released',
  'lapsed',
  'reopened',
  'handed_on',
  'dispatched',
  'dispatch_accepted',
  'dispatch_declined',
  'on_the_way',
  'called_off',
  'arrived',
  'resolved',
  'ticked',
  'unticked',
])

/** Whether the open file has to be read anew after a message. */
export function outdates(open: OpenFile | null, message: FeedMessage): boolean {
  if (message.type !== 'alarm' || open?.id !== message.alarm.id || open.status !== 'ready') return false
  return CHANGES_FILE.has(message.entry.kind) && message.seq > open.file.seq
}

/** Findings that joined after `seenSeq`: what somebody who resolves must have seen. */
export function joinedAfter(file: AlarmFile, seenSeq: number): TimelineEntry[] {
  return file.timeline.filter(entry => entry.kind === 'finding' && entry.seq > seenSeq)
}

/**
 * What somebody who confirms now has seen, as the hub asks for it. They were told what joined since `seenSeq`, where
 * they began; or the hub has told them so, and they confirm once more.
 */
export const seenNow = (
  file: AlarmFile,
  { seenSeq, refused }: { seenSeq: number; refused: boolean },
): number => (refused || joinedAfter(file, seenSeq).length > 0 ? file.alarm.seq : seenSeq)

/** An entry as the timeline shows it, with everybody who did it. */
export type Person = { id: string; name: string }
export type Shown = { entry: TimelineEntry; by: readonly Person[] }

/** Ten desks that display an alarm are one line, not ten: `seen` entries in a row become the first of them. */
export function foldSeen(timeline: readonly TimelineEntry[]): Shown[] {
  const shown: Shown[] = []
  for (const entry of timeline) {
    const by = entry.by === undefined ? [] : [{ id: entry.by, name: entry.byName ?? entry.by }]
    const last = shown.at(-1)
    if (entry.kind === 'seen' && last?.entry.kind === 'seen') {
      shown[shown.length - 1] = { entry: last.entry, by: [...last.by, ...by] }
    } else shown.push({ entry, by })
  }
  return shown
}
