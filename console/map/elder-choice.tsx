// On whose track a zone of an area is tried: one of the elders who live there.

import { useEffect, useId, useState } from 'react'
import type { Resident } from '../../model/resident.ts'
import type { Http } from '../shell/http.ts'
import { useMapWords } from './words.ts'

type Props = {
  areaId: string
  http: Http
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
}
type Elder = Pick<Resident, 'id' | 'name'>

/** One of them is enough to see what a zone does; more are no help in a list. */
const SHOWN = 200

export function ElderChoice({ areaId, http, chosen, onChoose }: Props) {
  const { zone: words } = useMapWords()
  const id = useId()
  const [elders, setElders] = useState<readonly Elder[] | 'failed'>()
  useEffect(() => {
    let isWanted = true
    void http
      .get<{ items: Elder[] }>(`residents?areaId=${encodeURIComponent(areaId)}&limit=${SHOWN}`)
      .then(answer => isWanted && setElders(answer.ok ? answer.value.items : 'failed'))
    return () => {
      isWanted = false
    }
  }, [http, areaId])
  if (elders === 'failed') return <p className="field-problem">{words.eldersFailed}</p>
  if (elders?.length === 0) return <p className="faint">{words.noElders}</p>
  return (
    <>
      <label htmlFor={id}>{words.triedOn}</label>
      <select id={id} value={chosen ?? ''} onChange={event => onChoose(event.target.value || undefined)}>
        <option value="">{words.chooseElder}</option>
        {elders?.map(elder => (
          <option key={elder.id} value={elder.id}>
            {elder.name}
          </option>
        ))}
      </select>
    </>
  )
}
