// Decides between the sign-in and what a family sees.

import { useState } from 'react'
import type { Http } from '../shell/http.ts'
import { callElders } from './called.ts'
import { useSpoken } from './language.tsx'
import { ElderCard } from './parts/elder-card.tsx'
import { LostLine } from './parts/lost-line.tsx'
import { PushCard } from './parts/push-card.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { forgetBrowser } from './push.ts'
import { useNow, useWatch } from './use-watch.ts'
import { freshnessOf, hubNow } from './watch.ts'

const TICK_MS = 5_000

export function FamilyApp({ http }: { http: Http }) {
  const { words, switchLanguage } = useSpoken()
  const [visit, setVisit] = useState({ count: 0, ended: false })
  const startOver = (ended: boolean) => setVisit(({ count }) => ({ count: count + 1, ended }))
  const signOut = async () => {
    await forgetBrowser(http) // a telephone that is handed on is told nothing any more
    await http.delete('session')
    localStorage.removeItem('anxin.family.knownAt')
    startOver(false)
  }
  return (
    <div className="page">
      <header className="top">
        <h1>
          {words.product} <span>{words.pageName}</span>
        </h1>
        <button type="button" className="plain" onClick={switchLanguage}>
          {words.otherLanguage}
        </button>
      </header>
      <Home key={visit.count} http={http} onSignOut={signOut} onSignedIn={() => startOver(false)} />
    </div>
  )
}

type HomeProps = { http: Http; onSignOut(): Promise<void>; onSignedIn(): void }

function Home({ http, onSignOut, onSignedIn }: HomeProps) {
  const { words } = useSpoken()
  const watched = useWatch(http)
  const phoneNow = useNow(TICK_MS)
  if (!watched) return <main />
  const { seen, watch } = watched
  if (seen.outcome === 'signed_out')
    return <SignIn http={http} ended={seen.knownAt !== undefined} onSignedIn={onSignedIn} />
  const out = (
    <button type="button" className="plain out" onClick={() => void onSignOut()}>
      {words.signOut}
    </button>
  )
  if (seen.outcome === 'not_family')
    return (
      <main>
        <Quiet title={words.notFamily} lead={words.notFamilyLead} />
        {out}
      </main>
    )
  const freshness = freshnessOf(seen, Math.max(phoneNow, seen.receivedAt ?? 0))
  const now = hubNow(seen, phoneNow)
  const items = seen.family?.items ?? []
  const called = callElders(items, words)
  return (
    <main aria-busy={freshness === 'asking'}>
      {freshness !== 'live' && <LostLine seen={seen} freshness={freshness} now={now} onRetry={watch.ask} />}
      {freshness === 'live' && items.length === 0 && <Quiet title={words.nobody} lead={words.nobodyLead} />}
      {items.map(elder => (
        <ElderCard
          key={elder.id}
          elder={elder}
          who={called.get(elder.id) ?? elder.name}
          now={now}
          knownAt={freshness === 'live' ? null : (seen.knownAt ?? null)}
          http={http}
          onChanged={watch.ask}
        />
      ))}
      {freshness === 'live' && <PushCard http={http} />}
      {out}
    </main>
  )
}

const Quiet = ({ title, lead }: { title: string; lead: string }) => (
  <section className="card is-unknown">
    <h2>{title}</h2>
    <p>{lead}</p>
  </section>
)
