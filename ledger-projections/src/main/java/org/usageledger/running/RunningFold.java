package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.usageledger.projection.ReadModel;
import org.usageledger.projection.Window;

/**
 * The fold of {@link org.usageledger.lifecycle.Run} over a whole window of the log at once, for processes, tasks and service instances.
 *
 * <p>Of a resource's events in the window only those after its last ending count, if it has one there. The first beginning among them
 * opens its run, unless a run was open before and no ending came. The latest that is no baseline sizes it.
 */
public final class RunningFold implements ReadModel {
    /** The name of this projection. */
    public static final String PROJECTION = "running";

    private static final int SHAPE = 1;

    // A plan made for a small table would be kept when it has grown, and compiling a plan takes longer than a window
    // does.
    private static final String SETTINGS = """
            select
              set_config('plan_cache_mode', 'force_custom_plan', true),
              set_config('jit', 'off', true),
              set_config('work_mem', '64MB', true)
            """;

    // Sorted by the hash first because numbers sort faster than keys. A resource is either deleted or written, never
    // both.
    private static final String FOLD = """
            with step as (
              select
                resource_hash, resource_kind, resource_key, position, effect, occurred_at, exact,
                instances, memory_mb, organization, space, app,
                max(position) filter (where effect = 3) over (partition by resource_hash, resource_kind, resource_key) as ended
              from usage_event
              where position > ?
                and position <= ?
                and resource_kind in (1, 2, 3)
                and effect in (1, 2, 3)
            ), tail as (
              select
                resource_hash, resource_kind, resource_key, position, ended, occurred_at, exact,
                instances, memory_mb, organization, space, app,
                min(position) filter (where effect in (1, 2) and position > coalesce(ended, 0))
                  over (partition by resource_hash, resource_kind, resource_key) as opener,
                max(position) filter (where effect = 1 and position > coalesce(ended, 0))
                  over (partition by resource_hash, resource_kind, resource_key) as sizer
              from step
            ), outcome as (
              select
                resource_kind,
                resource_key,
                max(ended) as ended,
                max(opener) as opener,
                max(sizer) as sizer,
                max(occurred_at) filter (where position = opener) as since,
                bool_or(exact) filter (where position = opener) as since_exact,
                max(instances) filter (where position = coalesce(sizer, opener)) as instances,
                max(memory_mb) filter (where position = coalesce(sizer, opener)) as memory_mb,
                max(organization) filter (where position = coalesce(sizer, opener)) as organization,
                max(space) filter (where position = coalesce(sizer, opener)) as space,
                max(app) filter (where position = coalesce(sizer, opener)) as app
              from tail
              group by resource_hash, resource_kind, resource_key
            ), gone as (
              delete from running_resource r
              using outcome o
              where r.slot = ?
                and r.resource_kind = o.resource_kind
                and r.resource_key = o.resource_key
                and o.opener is null
            )
            insert into running_resource (
              slot, resource_kind, resource_key, since, since_exact, first_position, latest_position,
              instances, memory_mb, organization, space, app)
            select
              ?,
              o.resource_kind,
              o.resource_key,
              case when open.slot is null then o.since else open.since end,
              case when open.slot is null then o.since_exact else open.since_exact end,
              coalesce(open.first_position, o.opener),
              coalesce(o.sizer, o.opener),
              o.instances,
              o.memory_mb,
              o.organization,
              o.space,
              o.app
            from outcome o
            left join running_resource open
              on open.slot = ?
              and open.resource_kind = o.resource_kind
              and open.resource_key = o.resource_key
              and o.ended is null
            where o.opener is not null
              and (open.slot is null or o.sizer is not null)
            on conflict (slot, resource_kind, resource_key) do update
            set since = excluded.since,
              since_exact = excluded.since_exact,
              first_position = excluded.first_position,
              latest_position = excluded.latest_position,
              instances = excluded.instances,
              memory_mb = excluded.memory_mb,
              organization = excluded.organization,
              space = excluded.space,
              app = excluded.app
            """;

    private static final String EMPTY = """
            delete from running_resource r
            using (
              select resource_kind, resource_key
              from running_resource
              where slot = ?
              order by resource_kind, resource_key
              limit ?
            ) chosen
            where r.slot = ?
              and r.resource_kind = chosen.resource_kind
              and r.resource_key = chosen.resource_key
            """;

    @Override
    public String name() {
        return PROJECTION;
    }

    @Override
    public int shape() {
        return SHAPE;
    }

    @Override
    public void fold(Connection transaction, int slot, Window window) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(SETTINGS)) {
            statement.executeQuery().close();
        }
        try (PreparedStatement statement = transaction.prepareStatement(FOLD)) {
            statement.setLong(1, window.after());
            statement.setLong(2, window.upTo());
            statement.setInt(3, slot);
            statement.setInt(4, slot);
            statement.setInt(5, slot);
            statement.executeUpdate();
        }
    }

    @Override
    public int empty(Connection transaction, int slot, int limit) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(EMPTY)) {
            statement.setInt(1, slot);
            statement.setInt(2, limit);
            statement.setInt(3, slot);
            return statement.executeUpdate();
        }
    }

    @Override
    public Compared compare(Connection transaction, int liveSlot, int otherSlot, String after, int rows)
            throws SQLException {
        return RunningDifferences.between(transaction, liveSlot, otherSlot, after, rows);
    }
}
