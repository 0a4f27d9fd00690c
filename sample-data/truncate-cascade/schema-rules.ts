const touched = [
  "workspace",
  "user",
  "team",
  "project",
  "cycle",
  "issue",
  "document",
  "document_content",
  "comment",
  "notification",
  "integration",
];

/** Everything a row must obey once life goes on. */
export const rules = `
ALTER TABLE public."user" ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE;
ALTER TABLE public.team ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE;
ALTER TABLE public.label ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE;
ALTER TABLE public.project
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (team_id) REFERENCES public.team ON DELETE RESTRICT,
  ADD FOREIGN KEY (lead_id) REFERENCES public."user" ON DELETE SET NULL,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";
ALTER TABLE public.cycle
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (team_id) REFERENCES public.team ON DELETE CASCADE;
ALTER TABLE public.issue
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (team_id) REFERENCES public.team ON DELETE RESTRICT,
  ADD FOREIGN KEY (parent_id) REFERENCES public.issue ON DELETE SET NULL,
  ADD FOREIGN KEY (assignee_id) REFERENCES public."user" ON DELETE SET NULL,
  ADD FOREIGN KEY (project_id) REFERENCES public.project ON DELETE SET NULL,
  ADD FOREIGN KEY (cycle_id) REFERENCES public.cycle ON DELETE SET NULL,
  ADD FOREIGN KEY (description_document_id) REFERENCES public.document ON DELETE SET NULL,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";
ALTER TABLE public.issue_label
  ADD FOREIGN KEY (issue_id) REFERENCES public.issue ON DELETE CASCADE,
  ADD FOREIGN KEY (label_id) REFERENCES public.label ON DELETE CASCADE,
  ADD FOREIGN KEY (added_by) REFERENCES public."user";
ALTER TABLE public.document
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (issue_id) REFERENCES public.issue ON DELETE CASCADE,
  ADD FOREIGN KEY (project_id) REFERENCES public.project ON DELETE RESTRICT,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";
ALTER TABLE public.document_content
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (document_id) REFERENCES public.document ON DELETE CASCADE,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";
ALTER TABLE public.comment
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (issue_id) REFERENCES public.issue ON DELETE CASCADE,
  ADD FOREIGN KEY (parent_id) REFERENCES public.comment ON DELETE CASCADE,
  ADD FOREIGN KEY (integration_id) REFERENCES public.integration ON DELETE SET NULL,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";
ALTER TABLE public.reaction
  ADD FOREIGN KEY (comment_id) REFERENCES public.comment ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES public."user" ON DELETE CASCADE;
ALTER TABLE public.notification
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES public."user" ON DELETE CASCADE,
  ADD FOREIGN KEY (issue_id) REFERENCES public.issue ON DELETE CASCADE,
  ADD FOREIGN KEY (comment_id) REFERENCES public.comment ON DELETE CASCADE,
  ADD FOREIGN KEY (created_by) REFERENCES public."user" ON DELETE SET NULL;
ALTER TABLE public.favorite
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (user_id) REFERENCES public."user" ON DELETE CASCADE,
  ADD FOREIGN KEY (issue_id) REFERENCES public.issue ON DELETE CASCADE;
ALTER TABLE public.integration
  ADD FOREIGN KEY (workspace_id) REFERENCES public.workspace ON DELETE CASCADE,
  ADD FOREIGN KEY (created_by) REFERENCES public."user";

-- The feature under development. These foreign keys are what the migration's author overlooked.
ALTER TABLE public.content_draft ADD FOREIGN KEY (document_id) REFERENCES public.document ON DELETE CASCADE;
ALTER TABLE public.content_draft_entry
  ADD FOREIGN KEY (document_id) REFERENCES public.content_draft ON DELETE CASCADE;
ALTER TABLE public.document_content
  ADD FOREIGN KEY (draft_id) REFERENCES public.content_draft ON DELETE SET NULL;
ALTER TABLE public.favorite ADD FOREIGN KEY (draft_id) REFERENCES public.content_draft ON DELETE CASCADE;
ALTER TABLE public.comment
  ADD FOREIGN KEY (draft_id, draft_position) REFERENCES public.content_draft_entry ON DELETE SET NULL;

CREATE INDEX ON public.issue (parent_id);
CREATE INDEX ON public.issue (project_id);
CREATE INDEX ON public.issue (cycle_id);
CREATE INDEX ON public.issue (description_document_id);
CREATE INDEX ON public.document (project_id);
CREATE INDEX ON public.comment (issue_id);
CREATE INDEX ON public.comment (parent_id);
CREATE INDEX ON public.comment (integration_id);
CREATE INDEX ON public.comment (draft_id, draft_position);
CREATE INDEX ON public.notification (issue_id);
CREATE INDEX ON public.notification (comment_id);
CREATE INDEX ON public.favorite (issue_id);
CREATE INDEX ON public.favorite (draft_id);
CREATE INDEX ON public.document_content (draft_id);

-- Unconditional, as most such triggers are: it fires for a repair as well as for a person.
CREATE FUNCTION public.touch_updated_at() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN NEW.updated_at := public.story_now(); RETURN NEW; END $$;
${touched
  .map(
    (table) => `CREATE TRIGGER updated_at BEFORE UPDATE ON public."${table}"
  FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();`,
  )
  .join("\n")}

ANALYZE;
`;
