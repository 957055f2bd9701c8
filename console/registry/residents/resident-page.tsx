// One elder: all that the registry keeps of them, each part on its own.

import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Link } from '../../shell/link.tsx'
import { areaPath } from '../area-tree.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { OwnProcedures } from '../rules/procedures-part.tsx'
import { pathOf } from '../sections.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { ConsentsCard } from './consents-card.tsx'
import { ContactsCard } from './contacts-card.tsx'
import { DataCard } from './data-card.tsx'
import { PersonalCard } from './personal-card.tsx'
import { Facts } from './residents-part.tsx'
import { ThresholdsCard } from './thresholds-card.tsx'
import { WornCard } from './worn-card.tsx'
import { ZonesCard } from './zones-card.tsx'

export function ResidentPage({ id }: { id: string }) {
  const words = useRegistryWords()
  const http = useHttp()
  const resident = useAnswer<Resident>(`residents/${id}`, () =>
    http.get(`residents/${encodeURIComponent(id)}`),
  )
  return (
    <>
      <Link to={pathOf('residents')} className="registry-back">
        ‹ {words.back}
      </Link>
      <Settled of={resident}>{value => <Whole resident={value} reload={resident.reload} />}</Settled>
    </>
  )
}

function Whole({ resident, reload }: { resident: Resident; reload(): Promise<void> }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { areas, rights, tell, goTo } = useRegistry()
  const { id, name, birthYear, areaId } = resident
  return (
    <>
      <header className="registry-head">
        <h1>{name}</h1>
        <p className="registry-sub">
          {birthYear !== null && <span>{words.residents.age(new Date().getFullYear() - birthYear)}</span>}
          <span>{areaPath(areas, areaId, 3)}</span>
          <Facts resident={resident} />
          <code>{id}</code>
        </p>
        {rights.edits && (
          <ConfirmButton
            label={words.residents.archive}
            sure={words.residents.archiveSure}
            act={() => http.delete(`residents/${id}`)}
            onDone={() => {
              tell({ tone: 'good', text: words.residents.archived })
              goTo(pathOf('residents'))
            }}
          />
        )}
      </header>
      <div className="registry-cards">
        <DataCard resident={resident} onChanged={reload} />
        <ContactsCard residentId={id} />
        <WornCard resident={resident} />
        <ZonesCard owner={{ residentId: resident.id }} empty={words.zones.empty} />
        <ThresholdsCard resident={resident} onChanged={reload} />
        <OwnProcedures residentId={id} />
        <ConsentsCard residentId={id} />
        {rights.edits && <PersonalCard resident={resident} />}
      </div>
    </>
  )
}
