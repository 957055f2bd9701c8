// Over whatever is open when the session has ended: the same person signs in and goes on where they were; anybody
// else gets a page of their own.

import { useEffect, useId, useRef, useState } from 'react'
import type { User } from '../../model/user.ts'
import { after } from './browser.ts'
import { useWords } from './language.tsx'
import { startAnew } from './navigation.ts'
import { watchRenewal } from './renewal-watch.ts'
import type { Session, SignedIn } from './session.ts'
import { onTabs } from './session-news.ts'
import { SignInForm } from './sign-in-form.tsx'
import { useRenewal, useRenewalState } from './use-renewal.ts'
import { useStable } from './use-stable.ts'

type Props = { user: User; session: Session }

export function RenewalDialog({ user, session }: Props) {
  const { isAsked } = useRenewalState()
  useSignedOutElsewhere()
  return isAsked && <Asked user={user} session={session} />
}

/** Who signs out in one tab has left the others as well: they must not call for somebody who has gone home. */
function useSignedOutElsewhere(): void {
  useEffect(
    () =>
      onTabs(news => {
        if (news === 'signed_out') startAnew()
      }),
    [],
  )
}

function Asked({ user, session }: Props) {
  const renewal = useRenewal()
  /** Another tab may have signed in already: nobody is asked twice. */
  const [isKnown, setKnown] = useState(false)
  const goOn = useStable((signedIn: SignedIn) => {
    if (isSame(signedIn.user, user) && !signedIn.mustEnrol) renewal.renewed()
    else startAnew()
  })
  useEffect(() => {
    const watch = watchRenewal({
      who: () => session.who(),
      onSomebody: goOn,
      onNobody: () => setKnown(true),
      after,
    })
    const stopTabs = onTabs(watch.look)
    document.addEventListener('visibilitychange', watch.look)
    window.addEventListener('focus', watch.look)
    return () => {
      watch.stop()
      stopTabs()
      document.removeEventListener('visibilitychange', watch.look)
      window.removeEventListener('focus', watch.look)
    }
  }, [session, goOn])
  return isKnown && <AskedDialog user={user} session={session} onSignedIn={goOn} />
}

/** With another role, or another area, the page would be another one. */
const isSame = (a: User, b: User): boolean => a.id === b.id && a.role === b.role && a.areaId === b.areaId

function AskedDialog({ user, session, onSignedIn }: Props & { onSignedIn(signedIn: SignedIn): void }) {
  const words = useWords()
  const titleId = useId()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('input[type="password"]')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={box}
      className="dialog is-narrow"
      aria-labelledby={titleId}
      // Nothing on the screen is true any more until somebody is signed in.
      onCancel={event => event.preventDefault()}
      onClose={() => box.current?.showModal()}
    >
      <h2 id={titleId}>{words.renewTitle}</h2>
      <p className="dialog-lead">{words.renewLead}</p>
      <SignInForm
        session={session}
        username={user.username}
        confirm={words.renewConfirm}
        onSignedIn={onSignedIn}
      />
      <button type="button" className="plain-button" onClick={() => startAnew()}>
        {words.renewLeave}
      </button>
    </dialog>
  )
}
