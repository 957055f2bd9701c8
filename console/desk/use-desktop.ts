// The computer's own notifications: asked for by a click, and sent while nobody looks at this page. That nobody is signed
// in any more is told in any case: whoever turns away from the page must not think that it watches.

import { useEffect, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { SeenCall } from '../../model/call.ts'
import { useStable } from '../shell/use-stable.ts'
import { type DeskStore, hasEnded } from './desk.ts'
import { areaName } from './desk-tools.ts'
import { type Told, toldBetween } from './desktop.ts'
import { kindName } from './sentences.ts'
import { useWords } from './words.ts'
import type { Words } from './words.zh.ts'
import { useWorkWords } from './work-words.ts'
import type { WorkWords } from './work-words.zh.ts'

/** `missing`: this browser has none, or the page is not served securely. */
export type DesktopState = NotificationPermission | 'missing'
export type Desktop = { state: DesktopState; ask(): void }

const stateNow = (): DesktopState =>
  typeof Notification === 'undefined' ? 'missing' : Notification.permission

export function useDesktop({
  store,
  areas,
  isShown,
  onOpen,
}: {
  store: DeskStore
  areas: ReadonlyMap<string, Area>
  /** The desk is the screen that is open. */
  isShown: boolean
  onOpen(alarmId: string): void
}): Desktop {
  const words = useWords()
  const work = useWorkWords()
  const [state, setState] = useState(stateNow)

  const tell = useStable((told: Told) => {
    const { title, body } = textOf(told, { words, work, areas })
    const shown = new Notification(title, { body, tag: told.tag, requireInteraction: told.stays })
    shown.addEventListener('click', () => {
      window.focus()
      shown.close()
      if (told.about === 'alarm') onOpen(told.alarm.id)
    })
    return shown
  })

  useEffect(() => {
    if (state !== 'granted') return
    const isLookedAt = () => isShown && document.visibilityState === 'visible' && document.hasFocus()
    return store.subscribe((before, event) => {
      if (event.type === 'others') return // they are read, and no news
      for (const told of toldBetween(before, store.get())) {
        if (told.about === 'ended') closeOnceSignedIn(store, tell(told))
        else if (!isLookedAt()) tell(told)
      }
    })
  }, [state, store, tell, isShown])

  return {
    state,
    ask: () => void Notification.requestPermission().then(() => setState(stateNow())),
  }
}

/** The notification stays until then, or until the page is left. */
function closeOnceSignedIn(store: DeskStore, shown: Notification): void {
  const done = () => {
    stop()
    window.removeEventListener('pagehide', done)
    shown.close()
  }
  const stop = store.subscribe(() => {
    if (!hasEnded(store.get().link)) done()
  })
  window.addEventListener('pagehide', done)
}

type Sayings = { words: Words; work: WorkWords; areas: ReadonlyMap<string, Area> }

function textOf(told: Told, { words, work, areas }: Sayings): { title: string; body: string } {
  if (told.about === 'ended') return { title: words.titleEnded, body: words.endedLead }
  if (told.about === 'call') {
    return { title: work.callRings, body: callerOf(told.seen) || work.callerUnknown }
  }
  const { alarm } = told
  return {
    title: `${words.severity[alarm.severity]} · ${kindName(alarm.kind, words)}`,
    body: [alarm.subject.name, areaName(areas, alarm.areaId, 2)].filter(Boolean).join(' · '),
  }
}

const callerOf = ({ candidates }: SeenCall): string =>
  candidates.map(({ subject }) => subject.name).join('、')
