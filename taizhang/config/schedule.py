"""What happens every day by itself: the whole of it, in one table. The worker's beat looks once a minute."""

from datetime import time

from taizhang.kit.schedule import Recurring

SCHEDULE = (
    Recurring(time(0, 10), "taizhang.ledger.jobs.lose_what_is_over", "把窗口已关、没有报的期次记为期满未报"),
    Recurring(time(1, 50), "taizhang.reports.jobs.sweep_old", "清理满三十天的材料册"),
    Recurring(time(2, 10), "taizhang.config.nightly.empty_bin", "清除在回收站满三十天的材料"),
    Recurring(time(2, 30), "taizhang.config.nightly.check_files", "校验材料"),
)
