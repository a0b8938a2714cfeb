"""What is planted in the demo company: five findings that an analyst has to be able to dig out again."""

# 1. A faulty battery batch reaches one region in the last October of the window.
BATTERY_REGION = "R-SH"
BATTERY_MONTH = 10
BATTERY_CAUSE = "C-101"
BATTERY_BATCH = "B2409"
#: Extra tickets as a share of the region's usual volume of that month.
BATTERY_EXTRA_VOLUME = 0.8
#: Share of the extra tickets that are repairs; the rest are complaints.
BATTERY_REPAIR_SHARE = 0.65
#: Share of the affected customers that wait longer than BATTERY_WAIT_HOURS for the resolution.
BATTERY_LONG_WAIT_SHARE = 0.42
BATTERY_WAIT_HOURS = 72

# 2. Parcels to remote regions are late: that is what most complaints there are about, and they take longer.
REMOTE_LOGISTICS_SHARE = 0.67
REMOTE_SLOWNESS = 1.6

# 3. One team answers at night (22:00 to 08:00) only hours later.
NIGHT_TEAM = "T-CS-S"
NIGHT_RESPONSE_HOURS = (2.5, 7.0)

# 4. One depot runs out of parts.
DEPOT = "WH-CD"
DEPOT_REGION = "R-SC"
DEPOT_IN_STOCK_SHARE = 0.35
DEPOT_LEAD_HOURS = 110.0
USUAL_IN_STOCK_SHARE = 0.78
USUAL_LEAD_HOURS = 40.0

# 5. The outsourced maintenance team costs a third more for the same work.
OUTSOURCED_TEAM = "T-MT-OUT"
OUTSOURCED_COST_FACTOR = 1.35
#: The teams whose field work it takes over in part, and the share that it takes.
RELIEVED_TEAMS = ("T-MT-E", "T-MT-S", "T-MT-C")
OUTSOURCED_VISIT_SHARE = 0.3

#: For DemoSummary and the pages that offer a tour.
TITLES = {
    "battery_batch": f"{BATTERY_REGION}: faulty battery batch {BATTERY_BATCH} in October",
    "remote_logistics": "Remote regions: complaints are about late delivery",
    "night_response": f"{NIGHT_TEAM}: slow first response at night",
    "parts_missing": f"{DEPOT}: parts out of stock in {DEPOT_REGION}",
    "outsourced_cost": f"{OUTSOURCED_TEAM}: dearer by a third",
}
