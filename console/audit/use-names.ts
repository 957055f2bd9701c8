// The names behind the ids of the log, for those who may see them; an auditor reads ids.

import { useEffect, useState } from 'react'
import type { User } from '../../model/user.ts'
import type { Http } from '../shell/http.ts'

export type Names = { people: ReadonlyMap<string, string>; areas: ReadonlyMap<string, string> }

const NO_NAMES: Names = { people: new Map(), areas: new Map() }

/** Of more than a page of them the ids say enough. */
const READ_AT_MOST = 1_000

export function useNames(http: Http, { role }: User): Names {
  const [names, setNames] = useState(NO_NAMES)
  useEffect(() => {
    if (role !== 'admin') return
    let isOver = false
    const read = async () => {
      const named = async (path: string): Promise<Named[]> => {
        const answer = await http.get<{ items: Named[] }>(path)
        return answer.ok ? answer.value.items : []
      }
      const [people, gone, areas] = await Promise.all([
        named(`users?limit=${READ_AT_MOST}`),
        named(`users?limit=${READ_AT_MOST}&archived=true`),
        named(`areas?limit=${READ_AT_MOST}`),
      ])
      if (!isOver) setNames({ people: namesOf([...people, ...gone]), areas: namesOf(areas) })
    }
    void read()
    return () => {
      isOver = true
    }
  }, [http, role])
  return names
}

type Named = { id: string; name: string }

const namesOf = (items: readonly Named[]): ReadonlyMap<string, string> =>
  new Map(items.map(({ id, name }) => [id, name]))
