// Asks a device where it is, and says so until it has answered or has to be asked again.

import { Button } from 'antd'
import { useState } from 'react'
import { useHttp } from '../shell/http-context.ts'
import { useNow } from '../shell/now.tsx'
import { type Asked, locatingOf } from './locating.ts'
import { useMapWords } from './words.ts'

type Props = {
  deviceId: string
  /** When it last said where it is. */
  since: number | undefined
}

export function LocateButton({ deviceId, since }: Props) {
  const words = useMapWords()
  const http = useHttp()
  const [asked, setAsked] = useState<Asked>({ is: 'not' })
  const now = useNow()
  const locating = locatingOf(asked, since, now)

  async function ask(): Promise<void> {
    setAsked({ is: 'sending' })
    const answer = await http.post(`devices/${encodeURIComponent(deviceId)}/commands`, {
      name: 'locate',
      args: {},
    })
    setAsked(answer.ok ? { is: 'asked', at: now, since } : { is: 'failed' })
  }

  return (
    <span role="status" className="locate">
      {locating === 'waiting' ? (
        words.locating
      ) : (
        <Button onClick={() => void ask()}>
          {locating === 'no_answer' ? words.locateAgain : words.locate}
        </Button>
      )}
      {locating === 'no_answer' && <small className="field-problem">{words.locateNoAnswer}</small>}
      {locating === 'not_sent' && <small className="field-problem">{words.locateFailed}</small>}
    </span>
  )
}
