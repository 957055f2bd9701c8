// The computer's own notifications: asked for by a click, and sent while nobody looks at this page.

import { useEffect, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { SeenCall } from '../../model/call.ts'
import { useStable } from '../shell/use-stable.ts'
import type { DeskStore } from './desk.ts'
import { areaName } from './desk-tools.ts'
import { type Told, toldBetween } from './desktop.ts'
import { kindName } from './sentences.ts'
import { useWords } from './words.ts'
import { useWorkWords } from './work-words.ts'

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
    const { title, body } =
      told.about === 'call'
        ? { title: work.callRings, body: callerOf(told.seen) || work.callerUnknown }
        : {
            title: `${words.severity[told.alarm.severity]} · ${kindName(told.alarm.kind, words)}`,
            body: [told.alarm.subject.name, areaName(areas, told.alarm.areaId, 2)]
              .filter(Boolean)
              .join(' · '),
          }
    const shown = new Notification(title, { body, tag: told.tag, requireInteraction: told.stays })
    shown.addEventListener('click', () => {
      window.focus()
      shown.close()
      if (told.about === 'alarm') onOpen(told.alarm.id)
    })
  })

  useEffect(() => {
    if (state !== 'granted') return
    return store.subscribe(before => {
      if (isShown && document.visibilityState === 'visible' && document.hasFocus()) return
      for (const told of toldBetween(before, store.get())) tell(told)
    })
  }, [state, store, tell, isShown])

  return {
    state,
    ask: () => void Notification.requestPermission().then(() => setState(stateNow())),
  }
}

const callerOf = ({ candidates }: SeenCall): string =>
  candidates.map(({ subject }) => subject.name).join('、')
