// Decides between the sign-in and the desk.

import { ConfigProvider } from 'antd'
import { useEffect, useState } from 'react'
import type { User } from '../model/user.ts'
import type { Alarms } from './desk/alarms.ts'
import { DeskScreen } from './desk/parts/desk-screen.tsx'
import { BrokenScreen } from './shell/broken-screen.tsx'
import { styleNonce } from './shell/browser.ts'
import { Guard } from './shell/guard.tsx'
import { LanguageProvider } from './shell/language.tsx'
import { NotDesk } from './shell/not-desk.tsx'
import { worksAtDesk } from './shell/roles.ts'
import type { Session } from './shell/session.ts'
import { SignIn } from './shell/sign-in.tsx'
import { themeAt, useScale } from './shell/theme.ts'

type Props = { session: Session; alarms: Alarms }

/** `ended`: the hub no longer knows the session, which the sign-in then says. */
type Who = { is: 'unknown' } | { is: 'nobody'; ended: boolean } | { is: 'known'; user: User }

export function App({ session, alarms }: Props) {
  const scale = useScale()
  const nonce = styleNonce()
  return (
    <ConfigProvider
      theme={themeAt(scale)}
      button={{ autoInsertSpace: false }}
      {...(nonce !== undefined && { csp: { nonce } })}
    >
      <LanguageProvider>
        <Guard of={null} broken={<BrokenScreen />}>
          <Gate session={session} alarms={alarms} />
        </Guard>
      </LanguageProvider>
    </ConfigProvider>
  )
}

function Gate({ session, alarms }: Props) {
  const [who, setWho] = useState<Who>({ is: 'unknown' })
  useEffect(() => {
    void session.who().then(answer => {
      setWho(answer.ok ? { is: 'known', user: answer.value } : { is: 'nobody', ended: false })
    })
  }, [session])

  if (who.is === 'unknown') return <div className="ground-wait" />
  if (who.is === 'nobody') {
    return <SignIn session={session} ended={who.ended} onSignedIn={user => setWho({ is: 'known', user })} />
  }
  const signOut = () => void session.signOut().then(() => setWho({ is: 'nobody', ended: false }))
  if (!worksAtDesk(who.user.role)) return <NotDesk onSignOut={signOut} />
  return (
    <DeskScreen
      key={who.user.id}
      user={who.user}
      session={session}
      alarms={alarms}
      onSignedOut={ended => setWho({ is: 'nobody', ended })}
    />
  )
}
