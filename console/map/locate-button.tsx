// Asks a device where it is, and says so until it has answered.

import { Button } from 'antd'
import { useState } from 'react'
import { useHttp } from '../shell/http-context.ts'
import { useMapWords } from './words.ts'

type Props = {
  deviceId: string
  /** When it last said where it is. */
  since: number | undefined
}

type Asked = { is: 'not' } | { is: 'sending' } | { is: 'asked'; since: number | undefined } | { is: 'failed' }

export function LocateButton({ deviceId, since }: Props) {
  const words = useMapWords()
  const http = useHttp()
  const [asked, setAsked] = useState<Asked>({ is: 'not' })
  const isWaiting = asked.is === 'sending' || (asked.is === 'asked' && asked.since === since)

  async function ask(): Promise<void> {
    setAsked({ is: 'sending' })
    const answer = await http.post(`devices/${encodeURIComponent(deviceId)}/commands`, {
      name: 'locate',
      args: {},
    })
    setAsked(answer.ok ? { is: 'asked', since } : { is: 'failed' })
  }

  return (
    <span role="status" className="locate">
      {isWaiting ? words.locating : <Button onClick={() => void ask()}>{words.locate}</Button>}
      {asked.is === 'failed' && <small className="field-problem">{words.locateFailed}</small>}
    </span>
  )
}
