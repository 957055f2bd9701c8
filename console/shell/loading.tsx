// What a part of a screen shows before it knows.

export function Loading({ text }: { text: string }) {
  return (
    <div className="quiet is-small" role="status">
      <i className="loading" />
      <p>{text}</p>
    </div>
  )
}
