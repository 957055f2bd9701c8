// A headline with what it stands on. Its sign is a shape and a word, not a colour alone.

import type { ReactNode } from 'react'
import type { Telling, Tone } from '../tell.ts'

const SIGNS: Record<Tone, ReactNode> = {
  alarm: <path d="M12 3 22 21H2zM12 9v6M12 17.6v.4" />,
  request: <path d="M4 5h16v11H9l-5 4z" />,
  calm: <path d="m5 12.5 5 5L19.5 7" />,
  warn: <path d="M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v5M12 15.8v.4" />,
  unknown: <path d="M8.5 9.2a3.5 3.5 0 1 1 5 3.1c-1 .6-1.5 1.2-1.5 2.4M12 17.8v.4" />,
}

type Props = { telling: Telling; isLive: boolean; children?: ReactNode }

export function Status({ telling, isLive, children }: Props) {
  const { tone, headline, when, lines } = telling
  const isAlarm = tone === 'alarm' && isLive
  // What changes is read out, and not that a minute has passed.
  const isTold = when !== undefined
  return (
    <section className={`card is-${isLive ? tone : 'unknown'}`}>
      <div aria-live={isAlarm ? 'assertive' : 'polite'}>
        <h2>
          <svg className="sign" viewBox="0 0 24 24" aria-hidden="true">
            {SIGNS[tone]}
          </svg>
          {headline}
        </h2>
      </div>
      {isTold && <p>{when}</p>}
      <div className="lines" {...(isTold && { 'aria-live': 'polite' })}>
        {lines.map(line => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {children}
    </section>
  )
}
