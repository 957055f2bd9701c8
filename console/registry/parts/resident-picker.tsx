// An elder, found as in the list: by a part of the name, or by a number.

import { Select } from 'antd'
import { useEffect, useState } from 'react'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { type ListOf, queryOf } from '../answers.ts'
import { areaPath } from '../area-tree.ts'
import { useRegistry } from '../registry-context.ts'
import { useRegistryWords } from '../words.ts'
import { ResidentName } from './resident-name.tsx'

type Props = { id?: string; value?: string; onChange?: (id: string) => void }

/** People type in bursts: the hub is asked when they pause. */
const ASK_AFTER_MS = 250
const SHOWN = 20

export function ResidentPicker({ id, value, onChange }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const { areas } = useRegistry()
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly Resident[]>([])
  useEffect(() => {
    let gone = false
    const timer = setTimeout(() => {
      const asked = queryOf({ text: text.trim(), limit: SHOWN })
      void http.get<ListOf<Resident>>(`residents${asked}`).then(answer => {
        if (!gone && answer.ok) setFound(answer.value.items)
      })
    }, ASK_AFTER_MS)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [http, text])
  return (
    <Select
      {...(id !== undefined && { id })}
      value={value ?? null}
      onChange={chosen => chosen && onChange?.(chosen)}
      // Whoever was chosen before need not be among those that were found.
      labelRender={({ label, value: chosen }) => label ?? <ResidentName id={String(chosen)} />}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={words.residents.search}
      notFoundContent={words.nothingFound}
      options={found.map(each => ({
        value: each.id,
        label: `${each.name} · ${areaPath(areas, each.areaId)}${each.phone ? ` · ${each.phone}` : ''}`,
      }))}
    />
  )
}
