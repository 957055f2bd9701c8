// A refusal where it was asked for: a sentence that is understood, and beneath it what the hub said itself.

import type { Said } from '../said.ts'

export function Refused({ said: { text, hubSaid } }: { said: Said }) {
  return (
    <p className="form-problem" role="alert">
      {text}
      {hubSaid !== undefined && <HubSaid text={hubSaid} />}
    </p>
  )
}

export const HubSaid = ({ text }: { text: string }) => (
  <small className="registry-hub-said" lang="en">
    {text}
  </small>
)
