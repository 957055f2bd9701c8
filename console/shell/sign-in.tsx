// The way in.

import { useLanguageSwitch, useWords } from './language.tsx'
import type { Session, SignedIn } from './session.ts'
import { Emblem } from './shapes.tsx'
import { SignInForm } from './sign-in-form.tsx'

type Props = { session: Session; onSignedIn(signedIn: SignedIn): void }

export function SignIn({ session, onSignedIn }: Props) {
  const words = useWords()
  const switchLanguage = useLanguageSwitch()
  return (
    <main className="signin">
      <section className="signin-card">
        <Emblem />
        <h1>
          {words.product}
          <span>{words.deskName}</span>
        </h1>
        <p className="signin-lead">{words.signInLead}</p>
        <SignInForm session={session} confirm={words.signIn} onSignedIn={onSignedIn} />
      </section>
      <button type="button" className="plain-button signin-language" onClick={switchLanguage}>
        {words.otherLanguage}
      </button>
    </main>
  )
}
