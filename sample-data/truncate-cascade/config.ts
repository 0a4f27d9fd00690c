const damageRule = `
  # The migration's TRUNCATE TABLE content_draft CASCADE. Whatever people deleted here in the same hours cannot be
  # told apart from it, and comes back with the rest.
  - match:
      tables:
        - public.document_content
        - public.comment
        - public.reaction
        - public.notification
        - public.favorite
      operations: [delete]
    is: damage
`;

/** What the responder would write in the evening, when it is clear what happened. */
export const config = write(damageRule);

/** The same night, but nobody has told pgmend of the TRUNCATE: its guard has to see by itself. */
export const configWithoutDamageRule = write("");

function write(rule: string): string {
  return `# Put back the work of 2024-01-24, 04:47 to 09:56 (times in UTC)
#
#   04:47  full backup
#   07:01  a migration truncates content_draft, and by CASCADE descriptions, comments, reactions, notifications
#          and favorites; until 07:20 it refills content_draft and content_draft_entry
#   09:56  maintenance; the damaged database is kept
#   10:48  online again with the backup of 04:47
#
# pre is the backup, post the damaged database, current the live one that was restored from the backup.
mode: replay

# The first rule that matches a row decides. What none matches is people's work, and is put back.
rules:${rule}
  # The feature under development. Its migration will be run again.
  - match:
      tables: [public.content_draft, public.content_draft_entry]
    is: excluded

  # People who signed up in these hours cannot be tied back to a login; they sign up again. What hangs on them
  # (their issues, comments on these, assignments to them) is skipped, and listed with the reason.
  - match:
      tables: ['public."user"']
      operations: [insert]
    is: excluded

  # Integrations act in somebody's name. People reconnect them themselves.
  - match:
      tables: [public.integration]
    is: excluded

  # New workspaces are not rebuilt; their administrators have been asked to create them again.
  - match:
      tables: [public.workspace]
      operations: [insert]
    is: excluded

strategies:
  # The restore set the sequences back, so the same ids went to other issues and notifications. An issue is known
  # to people by its team and number, not by its id: it may take a new one, and everything of that night that
  # refers to it follows. Two issues with the same team and number stay open: people have to say which keeps it.
  - match:
      tables: [public.issue, public.notification]
      kinds: [insert/insert]
    use: rekey

  # Who follows an issue: whoever joined on either side does, whoever left on either side does not.
  - match:
      tables: [public.issue]
      columns: [subscriber_ids]
      kinds: [update/update]
    use: set-union

  # A team's last issue number and a user's last login only ever go up.
  - match:
      tables: [public.team]
      columns: [last_issue_number]
      kinds: [update/update]
    use: greatest
  - match:
      tables: ['public."user"']
      columns: [last_login_at]
      kinds: [update/update]
    use: greatest

# Reports and patches by workspace; created_by says who is affected.
tenant:
  column: workspace_id
actor:
  column: created_by

# updated_at is set by a trigger on every update. Firing, it would mark what we put back as written tonight.
triggers: disable

# Must return no row, or nothing is written.
invariants:
  - name: a description belongs to the issue that shows it
    sql: |
      SELECT issue.id
      FROM public.issue
      JOIN public.document ON document.id = issue.description_document_id
      WHERE document.issue_id IS DISTINCT FROM issue.id
  - name: a team has counted all its issues
    sql: |
      SELECT team.id
      FROM public.team
      JOIN public.issue ON issue.team_id = team.id
      GROUP BY team.id
      HAVING max(issue.number) > team.last_issue_number
  - name: a reply is about the same issue as the comment it replies to
    sql: |
      SELECT reply.id
      FROM public.comment AS reply
      JOIN public.comment AS parent ON parent.id = reply.parent_id
      WHERE parent.issue_id <> reply.issue_id
  - name: nothing points into another workspace
    sql: |
      SELECT comment.id
      FROM public.comment
      JOIN public.issue ON issue.id = comment.issue_id
      WHERE issue.workspace_id <> comment.workspace_id
`;
}
