from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='substance_use_reason',
            field=models.CharField(blank=True, choices=[('declined', 'Declined to answer'), ('not_asked', 'Not asked'), ('unknown', 'Does not know')], max_length=10),
        ),
    ]
