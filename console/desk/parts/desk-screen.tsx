// The desk of somebody signed in: holds what all its parts share.

import { useState } from 'react'
import type { User } from '../../../model/user.ts'
import { type Notice, NoticeLine } from '../../shell/notice-line.tsx'
import { NowProvider } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import type { Session } from '../../shell/session.ts'
import { useStable } from '../../shell/use-stable.ts'
import type { Alarms } from '../alarms.ts'
import { DeskToolsProvider } from '../desk-tools.ts'
import { useAreas } from '../use-areas.ts'
import { useBell } from '../use-bell.ts'
import { useDesk } from '../use-desk.ts'
import { useTitle } from '../use-title.ts'
import { useWords } from '../words.ts'
import { DeskLayout } from './desk-layout.tsx'

type Props = { user: User; session: Session; alarms: Alarms; onSignedOut(ended: boolean): void }

export function DeskScreen({ user, session, alarms, onSignedOut }: Props) {
  const onEnded = useStable(() => onSignedOut(true))
  const handles = useDesk({ alarms, session, onEnded })
  const { desk, store, actions } = handles
  const [notice, setNotice] = useState<Notice>()
  const areas = useAreas(alarms, desk.link.state === 'live')
  const { board } = desk
  const { acknowledged } = board
  const words = useWords()
  const bell = useBell(store, user.id)
  useTitle(desk)

  async function signOut(): Promise<void> {
    const answer = await session.signOut()
    if (answer.ok || answer.problem.code === 'UNAUTHENTICATED') onSignedOut(false)
    // Still signed in: whoever sits down next would be taken for this user.
    else setNotice({ tone: 'bad', text: refusal(answer.problem, words) })
  }

  return (
    <DeskToolsProvider value={{ user, actions, areas, acknowledged, tell: setNotice }}>
      <NowProvider skewMs={board.skewMs}>
        <DeskLayout handles={handles} bell={bell} onSignOut={() => void signOut()} />
        {notice && <NoticeLine notice={notice} onGone={() => setNotice(undefined)} />}
      </NowProvider>
    </DeskToolsProvider>
  )
}
