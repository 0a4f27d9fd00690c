/** What the person on call would write at half past one, knowing what is in the incident report and no more. */
export const config = `# Devices lost their pins, 2019-09-23 (times in UTC)
#
#   22:12  a migration pins every device to the release it runs
#   22:16  its rollback unpins EVERY device, also those that people had pinned
#   22:18  the rollback has been through; the API lets devices be updated again
#
# pre is from 22:12, post from 22:40, current is the live database.
mode: undo

# The first rule that matches a row decides about the whole row.
rules:
  # The rollback was the last to write this device: modified_at still says so. Its old pin comes back, and so
  # does its old modified_at, because nobody has edited this device. (If somebody has since 22:40, then
  # modified_at is theirs, and pgmend leaves it alone.) A device that never had a pin gets its date back only.
  - match:
      tables: [public.device]
      operations: [update]
      columns: [is_pinned_on__release, modified_at]
      where: |
        post.is_pinned_on__release IS NULL
        AND post.modified_at >= '2019-09-23 22:16:00+00'
        AND post.modified_at < '2019-09-23 22:18:00+00'
    is: damage

  # Renamed, or online again, between the rollback and post: that edit and its modified_at stay, the pin comes
  # back. Unless a person took the pin off after the rollback: the API writes an audit entry for that, the
  # rollback did not.
  - match:
      tables: [public.device]
      operations: [update]
      columns: [is_pinned_on__release]
      where: |
        pre.is_pinned_on__release IS NOT NULL
        AND post.is_pinned_on__release IS NULL
        AND post.modified_at >= '2019-09-23 22:18:00+00'
        AND NOT EXISTS (
          SELECT FROM public.audit_entry
          WHERE audit_entry.device = post.id
            AND audit_entry.action = 'unpin'
            AND audit_entry.created_at >= '2019-09-23 22:16:00+00'
        )
    is: damage

  # Everything else between 22:12 and 22:40 is people's work: pins to other releases, new devices, deleted ones.
  - match:
      tables: ["*"]
    is: legitimate

# device has a trigger that sets modified_at to now on every update. Firing, it would overwrite the dates we
# restore and mark thousands of devices as edited tonight, which nobody did.
triggers: disable

# Must return no row, or nothing is written.
invariants:
  - name: a device is pinned to a release of its own application
    sql: |
      SELECT device.id
      FROM public.device
      JOIN public.release ON release.id = device.is_pinned_on__release
      WHERE release.belongs_to__application <> device.belongs_to__application
`;
