// Puts the rooms together: the sign-in, then the frame with the desk in it, and the other screens as they are opened.

import { ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useEffect, useState } from 'react'
import type { Alarms } from './desk/alarms.ts'
import { DeskScreen } from './desk/parts/desk-screen.tsx'
import { EnrolmentScreen, Screen } from './screens.tsx'
import { BrokenPlace } from './shell/broken-place.tsx'
import { BrokenScreen } from './shell/broken-screen.tsx'
import { styleNonce } from './shell/browser.ts'
import type { Language } from './shell/first-language.ts'
import { Frame } from './shell/frame.tsx'
import { Guard } from './shell/guard.tsx'
import { useHttp } from './shell/http-context.ts'
import { LanguageProvider, useLanguage } from './shell/language.tsx'
import { startAnew } from './shell/navigation.ts'
import { worksAtDesk } from './shell/roles.ts'
import type { Session, SignedIn } from './shell/session.ts'
import { SignIn } from './shell/sign-in.tsx'
import { themeAt } from './shell/theme.ts'
import { useScreen } from './shell/use-screen.ts'

type Props = { session: Session; alarms: Alarms }

type Who = { is: 'unknown' } | { is: 'nobody' } | ({ is: 'known' } & SignedIn)

export function App({ session, alarms }: Props) {
  return (
    <LanguageProvider>
      <Themed>
        <Guard of={null} broken={<BrokenScreen />}>
          <Gate session={session} alarms={alarms} />
        </Guard>
      </Themed>
    </LanguageProvider>
  )
}

/**
 * Dialogs that lie in the body lock its scrolling by a style without a nonce, which the policy refuses. Nothing of the
 * body scrolls here.
 */
const popupPlace = () => document.getElementById('root') ?? document.body

/** What the parts of antd say themselves. */
const LOCALES = { 'zh-CN': zhCN, en: enUS } satisfies Record<Language, object>

function Themed({ children }: { children: ReactNode }) {
  const { scale } = useScreen()
  const nonce = styleNonce()
  return (
    <ConfigProvider
      theme={themeAt(scale)}
      locale={LOCALES[useLanguage()]}
      button={{ autoInsertSpace: false }}
      getPopupContainer={popupPlace}
      {...(nonce !== undefined && { csp: { nonce } })}
    >
      {children}
    </ConfigProvider>
  )
}

/** A family has a page of its own, for a telephone. */
const FAMILY_PAGE = '/family.html'

function Gate({ session, alarms }: Props) {
  const http = useHttp()
  const [who, setWho] = useState<Who>({ is: 'unknown' })
  const isFamily = who.is === 'known' && who.user.role === 'family'
  const look = (signedIn: SignedIn) => setWho({ is: 'known', ...signedIn })
  useEffect(() => {
    void session.who().then(answer => {
      setWho(answer.ok ? { is: 'known', ...answer.value } : { is: 'nobody' })
    })
  }, [session])
  useEffect(() => {
    if (isFamily) startAnew(FAMILY_PAGE)
  }, [isFamily])

  if (who.is === 'unknown' || isFamily) return <div className="ground-wait" />
  if (who.is === 'nobody') return <SignIn session={session} onSignedIn={look} />
  const { user, mustEnrol } = who
  if (mustEnrol) {
    return (
      <EnrolmentScreen
        user={user}
        session={session}
        http={http}
        onEnrolled={() => look({ user, mustEnrol: false })}
      />
    )
  }
  return (
    <Frame
      user={user}
      session={session}
      desk={worksAtDesk(user.role) ? <DeskScreen user={user} session={session} alarms={alarms} /> : undefined}
      screenOf={(place, path) => (
        <Guard of={path} broken={<BrokenPlace />}>
          <Screen name={place} user={user} session={session} />
        </Guard>
      )}
    />
  )
}
