from dagster_dbt import DbtCliResource
from dbt.version import __version__ as dbt_version

from orchestration.dbt_resource import DbtCommand
from orchestration.dbt_runner import dbt_executable
from warehouse.settings import CHECKOUT


def test_what_is_left_out_is_what_the_resource_would_do():
    """The names are the library's own: when it renames them, it would quietly start dbt twice again."""
    assert "_cli_version" in vars(DbtCliResource)
    assert "_initialize_dbt_core_adapter" in vars(DbtCliResource)


def test_the_version_is_that_of_the_installed_dbt():
    command = DbtCommand(
        project_dir=str(CHECKOUT), profiles_dir=str(CHECKOUT / "dbt_project"), dbt_executable=dbt_executable()
    )
    assert str(command._cli_version) == dbt_version
