// Stands where a face would: the hub keeps no pictures of elders.

/** The first character of a name as people see one, which may be several code units. */
export function Initial({ name }: { name: string }) {
  const [first = ''] = [...name.trim()]
  return (
    <span className="initial" aria-hidden="true">
      {first.toUpperCase()}
    </span>
  )
}
