// The desk of somebody signed in: holds what all its parts share.

import '../styles/work.css'
import '../styles/calls.css'
import { useEffect, useMemo, useState } from 'react'
import type { User } from '../../../model/user.ts'
import { navigate, usePath } from '../../shell/navigation.ts'
import { type Notice, NoticeLine } from '../../shell/notice-line.tsx'
import { NowProvider } from '../../shell/now.tsx'
import { alarmAt } from '../../shell/places.ts'
import type { Session } from '../../shell/session.ts'
import { useShown } from '../../shell/shown.ts'
import { InSlot } from '../../shell/slots.tsx'
import { useRenewal, useRenewalState } from '../../shell/use-renewal.ts'
import { useStable } from '../../shell/use-stable.ts'
import type { Actions } from '../actions.ts'
import type { Alarms } from '../alarms.ts'
import { DeskToolsProvider } from '../desk-tools.ts'
import { KeyboardProvider } from '../keys/use-keys.tsx'
import { createQueues } from '../queues.ts'
import { useAreas } from '../use-areas.ts'
import { useBell } from '../use-bell.ts'
import { useDesk } from '../use-desk.ts'
import { useDesktop } from '../use-desktop.ts'
import { useTitle } from '../use-title.ts'
import { DeskLayout } from './desk-layout.tsx'

type Props = { user: User; session: Session; alarms: Alarms }

export function DeskScreen({ user, session, alarms }: Props) {
  const renewal = useRenewal()
  const { times } = useRenewalState()
  const isShown = useShown()
  const onEnded = useStable(() => void renewal.ask())
  const handles = useDesk({ alarms, session, onEnded, sessions: times, isShown })
  const { desk, store, actions, sightings } = handles
  const [notice, setNotice] = useState<Notice>()
  const areas = useAreas(alarms, desk.link.state === 'live')
  const { board } = desk
  const { acknowledged } = board
  const { work } = alarms
  const [queuesOf] = useState(createQueues)
  const queues = queuesOf(board.alarms)
  const bell = useBell(store, user.id)
  const desktop = useDesktop({ store, areas, isShown, onOpen: id => openAtDesk(actions, id) })
  useTitle(desk, queues.waiting)
  useAlarmPath(actions)
  const tools = useMemo(
    () => ({ user, actions, work, areas, acknowledged, tell: setNotice, sightings }),
    [user, actions, work, areas, acknowledged, sightings],
  )

  return (
    <DeskToolsProvider value={tools}>
      <NowProvider skewMs={board.skewMs}>
        <KeyboardProvider isOn={isShown}>
          <DeskLayout handles={handles} queues={queues} bell={bell} desktop={desktop} />
        </KeyboardProvider>
        <InSlot name="over">
          {notice && <NoticeLine notice={notice} onGone={() => setNotice(undefined)} />}
        </InSlot>
      </NowProvider>
    </DeskToolsProvider>
  )
}

function openAtDesk(actions: Actions, id: string): void {
  navigate('/')
  void actions.open(id)
}

/** `/alarms/…` opens that alarm; the path has done its work then. */
function useAlarmPath(actions: Actions): void {
  const asked = alarmAt(usePath())
  useEffect(() => {
    if (asked === undefined) return
    navigate('/', { replaces: true })
    void actions.open(asked)
  }, [actions, asked])
}
