// The small drawings of the console. Severity has a shape of its own, so that it is seen without colour.

import type { ReactNode } from 'react'
import type { Severity } from '../../model/finding.ts'
import type { IncidentClass } from '../../model/incident.ts'

type Drawing = { children: ReactNode; filled?: boolean }

function Drawn({ children, filled = false }: Drawing) {
  return (
    <svg
      className="shape"
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={filled ? 0 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

/** Octagon: critical. Triangle: high. Circle: notice. A house: somebody asks for service. */
export function SeverityShape({ severity, kind }: { severity: Severity; kind: IncidentClass }) {
  if (kind === 'service') return <Drawn>{SERVICE}</Drawn>
  return <Drawn filled>{SHAPES[severity]}</Drawn>
}

const MARK = 'var(--shape-mark)'

const SHAPES: Record<Severity, ReactNode> = {
  critical: (
    <>
      <path d="M8 1.5h8L22.5 8v8L16 22.5H8L1.5 16V8z" />
      <path d="M12 6.5v7" stroke={MARK} strokeWidth="2.6" />
      <circle cx="12" cy="17.3" r="1.6" fill={MARK} />
    </>
  ),
  high: (
    <>
      <path d="M12 2 23 21.5H1z" strokeWidth="1.5" stroke="currentColor" />
      <path d="M12 9v5.5" stroke={MARK} strokeWidth="2.4" />
      <circle cx="12" cy="17.9" r="1.4" fill={MARK} />
    </>
  ),
  notice: (
    <>
      <circle cx="12" cy="12" r="10" />
      <path d="M12 11v6" stroke={MARK} strokeWidth="2.4" />
      <circle cx="12" cy="7.3" r="1.4" fill={MARK} />
    </>
  ),
}

const SERVICE = (
  <>
    <path d="M4 11.5 12 4.5l8 7" />
    <path d="M6 10.5V19.5h12v-9" />
    <path d="M10 19.5v-5h4v5" />
  </>
)

export const Heart = () => (
  <Drawn>
    <path d="M12 20.5c-5.3-3.9-8.5-6.9-8.5-11A4.7 4.7 0 0 1 12 7a4.7 4.7 0 0 1 8.5 2.5c0 4.1-3.2 7.1-8.5 11z" />
  </Drawn>
)

export const Phone = () => (
  <Drawn>
    <path d="M5 4h4l1.5 4.5L8 10a12 12 0 0 0 6 6l1.5-2.5L20 15v4a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z" />
  </Drawn>
)

export const Speaker = ({ crossed }: { crossed: boolean }) => (
  <Drawn>
    <path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4z" />
    {crossed ? (
      <path d="m16 9.5 5 5m0-5-5 5" />
    ) : (
      <path d="M15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11" />
    )}
  </Drawn>
)

export const Device = () => (
  <Drawn>
    <rect x="6.5" y="6.5" width="11" height="11" rx="3" />
    <path d="M9 6.5 9.5 3h5l.5 3.5M9 17.5l.5 3.5h5l.5-3.5" />
  </Drawn>
)

export const Cross = () => (
  <Drawn>
    <path d="m6 6 12 12M18 6 6 18" />
  </Drawn>
)

export const Rising = () => (
  <Drawn>
    <path d="m6 12.5 6-6 6 6M6 18.5l6-6 6 6" />
  </Drawn>
)

export const Down = () => (
  <Drawn>
    <path d="m6 9.5 6 6 6-6" />
  </Drawn>
)

/** 安心: a heart that watches. */
export const Emblem = () => (
  <svg className="emblem" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="var(--brand)" />
    <path
      d="M16 24.8c-5.9-4.2-9-7.4-9-11.3A4.9 4.9 0 0 1 16 11a4.9 4.9 0 0 1 9 2.5c0 3.9-3.1 7.1-9 11.3z"
      fill="none"
      stroke="#fff"
      strokeWidth="2.2"
      strokeLinejoin="round"
    />
    <circle cx="16" cy="15.5" r="2.1" fill="#fff" />
  </svg>
)
