// What stands where a screen other than the desk could not be drawn.

import { Button } from 'antd'
import { useWords } from './language.tsx'

export function BrokenPlace() {
  const words = useWords()
  return (
    <main className="screen-wait" role="alert">
      <div className="quiet is-small">
        <h2>{words.brokenPlace}</h2>
        <p>{words.brokenPlaceLead}</p>
        <Button type="primary" onClick={() => window.location.reload()}>
          {words.reload}
        </Button>
      </div>
    </main>
  )
}
