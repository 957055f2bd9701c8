// The name of an elder; the id until it is known, and where it is none.

import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useAnswer } from '../use-answer.ts'

export function ResidentName({ id }: { id: string }) {
  const http = useHttp()
  const { value } = useAnswer<Resident>(id, () => http.get(`residents/${encodeURIComponent(id)}`))
  return <>{value?.name ?? id}</>
}
