// Whether this telephone rings when something happens: said as it is, and changed by one button.

import { useEffect, useState } from 'react'
import type { Http } from '../../shell/http.ts'
import { useWords } from '../language.tsx'
import { type PushState, pushState, turnOff, turnOn } from '../push.ts'
import type { Words } from '../words.zh.ts'

export function PushCard({ http }: { http: Http }) {
  const words = useWords()
  const [state, setState] = useState<PushState>()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let isWanted = true
    void pushState(http).then(found => isWanted && setState(found))
    return () => {
      isWanted = false
    }
  }, [http])
  if (state === undefined) return null

  async function change(turn: typeof turnOn): Promise<void> {
    setBusy(true)
    const next = await turn(http)
    setBusy(false)
    setFailed(next === undefined)
    if (next !== undefined) setState(next)
  }

  const canChange = state === 'on' || state === 'off'
  return (
    <section className="card push">
      <h3>{words.push}</h3>
      <p>{leadOf(state, words)}</p>
      {canChange && (
        <button
          type="button"
          className={state === 'on' ? 'button is-second' : 'button'}
          disabled={busy}
          onClick={() => void change(state === 'on' ? turnOff : turnOn)}
        >
          {busy ? words.pushBusy : state === 'on' ? words.pushTurnOff : words.pushTurnOn}
        </button>
      )}
      {failed && (
        <p role="alert" className="refused">
          {words.pushFailed}
        </p>
      )}
    </section>
  )
}

const leadOf = (state: PushState, words: Words): string =>
  ({
    on: words.pushOn,
    off: words.pushLead,
    denied: words.pushDenied,
    unsupported: words.pushUnsupported,
    insecure: words.pushInsecure,
    no_channel: words.pushNoChannel,
  })[state]
